"""A till keeps thirteen months of payments: what a sale, a page or an evening asks of them is found by an index."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from host.money import Money
from tests.host.nights import FIRST, Nights
from tests.host.test_desk import desk_of, entry, over, printed, sold

GROW = ("payment", "capture", "ledger_entry", "ledger_posting", "advice", "ticket", "ticket_line", "receipt_print")
GROW_BY_EVENINGS = ("sealed_day", "sealed_line", "data_set", "remittance_line")
GROW_BY_MEMBERS = ("loyalty_client", "loyalty_card", "loyalty_visit", "loyalty_entry", "loyalty_consent", "message")
SCAN = re.compile(r"SCAN ([a-z_]+?)(_\d+)?\b")  # SQLAlchemy numbers its aliases
QUESTIONS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def noted(engine: Engine) -> Iterator[dict[str, Any]]:
    """Each statement that is run meanwhile, with the parameters of its last time."""
    statements: dict[str, Any] = {}

    def note(_work: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        if sql.startswith(QUESTIONS):
            statements[sql] = parameters[0] if many else parameters

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def looked_through(engine: Engine, statements: dict[str, Any]) -> list[tuple[str, str]]:
    """Of these, by table, those that go through all rows of one that grows."""
    found = []
    with engine.connect() as work:
        for sql, parameters in statements.items():
            plan = work.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            tables = [scan[1] for step in plan if (scan := SCAN.match(step[-1]))]
            found += [(table, sql) for table in tables if table in GROW + GROW_BY_EVENINGS + GROW_BY_MEMBERS]
    return found


@pytest.mark.covers("terminal/T-R23")
def test_a_counter_finds_what_it_asks_for(tmp_path: Path) -> None:
    async def day() -> None:
        app, desk = desk_of(tmp_path)
        with noted(app.database.engine) as statements:
            await app.start()
            sale = await sold(app, Money(1250))
            printed(desk, sale)
            payment = entry(desk, sale).payment
            await over(desk, lambda: desk.refund(payment, Money(500), desk.refund_reference(entry(desk, sale))))
            other = entry(desk, await sold(app, Money(900))).payment
            await over(desk, lambda: desk.void(other))
            await over(desk, lambda: desk.preauthorise(Money(10000), "C1-P1"))
            held = desk.payment
            assert held is not None
            await over(desk, lambda: desk.complete(held, Money(8050)))
            assert desk.entries()
        assert looked_through(app.database.engine, statements) == []
        await app.close()

    asyncio.run(day())


def test_an_evening_finds_what_it_asks_for(tmp_path: Path) -> None:
    nights = Nights(tmp_path, seed=1, start=FIRST)
    with noted(nights.database.engine) as statements:
        asyncio.run(nights.run(20))
    assert looked_through(nights.database.engine, statements) == []
