"""The same evenings on SQLite and on PostgreSQL: what must happen once is held by the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from host.database import Database
from host.jobs.inline import Kept
from host.telecollection.states import State
from tests.host.telecollection_bench import CONTRACT, Bench


@pytest.fixture
def bench(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    database = Database(database_url)
    database.migrate()
    bench = Bench(tmp_path, readers=2, database=database)
    yield bench
    bench.close()


@pytest.mark.covers("services/SC-5", "services/TC-2")
def test_days_of_every_kind(bench: Bench) -> None:
    async def story() -> None:
        good, bad = bench.sale(1000), bench.sale(300, kind="refund")
        bench.acquirer.rejects[bad] = "card_expired"
        assert (await bench.evening()).state is State.PARTLY_REJECTED
        bench.acquirer.rejects.clear()
        bench.service.present_again(bad)
        lost = bench.sale(5, reader="ZINC-0002")
        bench.all["ZINC-0002"].here = False
        bench.service.declare_lost("ZINC-0002")
        bench.acquirer.down = True
        await bench.evening()
        bench.acquirer.down = False
        bench.all["ZINC-0002"].here = True
        await bench.evenings(2)
        assert bench.acquirer.captured == {good: 1000, bad: 300, lost: 5}
        assert State.UNKNOWN not in {remittance.state for remittance in bench.history()}
        assert all(reader.acknowledged == list(range(1, reader.number)) for reader in bench.all.values())
        assert "rejected" not in bench.alerts()

    asyncio.run(story())


def test_two_processes_at_once(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        other = bench.process(Kept())
        await asyncio.gather(bench.service.collect_now(CONTRACT), other.collect_now(CONTRACT))
        assert sum(row.count for row in bench.history()) == 1
        assert len(bench.acquirer.captured) == 1

    asyncio.run(story())


@pytest.mark.covers("services/TC-1", "services/TC-2")
@pytest.mark.parametrize(
    "twice",
    [
        "INSERT INTO remittance_line SELECT remittance, line + 100, data_set, transaction_id, kind, amount_minor,"
        " currency, state, reason FROM remittance_line",
        "INSERT INTO data_set SELECT remittance, position + 100, id, reader, number, business_date, sealed, count,"
        " totals, state, reason FROM data_set",
        "UPDATE remittance SET business_date = '2026-11-20', sequence = 1",
        "UPDATE remittance SET exchange_id = 1",
    ],
)
def test_nothing_is_twice(bench: Bench, twice: str) -> None:
    async def story() -> None:
        bench.sale()
        await bench.evenings(2)
        with pytest.raises(IntegrityError), bench.store.transaction() as work:
            work.execute(text(twice))

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
@pytest.mark.parametrize("edit", ["UPDATE sealed_line SET amount_minor = 1", "DELETE FROM sealed_line"])
def test_lines_of_a_seal_are_append_only(bench: Bench, edit: str) -> None:
    async def story() -> None:
        bench.sale()
        await bench.evening()
        with pytest.raises(DBAPIError, match="append-only"), bench.store.transaction() as work:
            work.execute(text(edit))

    asyncio.run(story())
