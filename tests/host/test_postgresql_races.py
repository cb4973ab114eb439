"""What SQLite cannot show, for there a transaction is alone: two hosts on one PostgreSQL that decide at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from host.database import Database
from host.jobs.executors import ExecutorTable
from host.jobs.timers import TimerTable
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.money import Money
from host.payment.errors import RefundBeyond
from host.payment.model import Payment
from host.payment.states import State
from host.payment.store import PaymentStore
from tests.host.stand_ins import FixedClock
from tests.support.postgresql import PostgreSQL

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ROUNDS = 10


@pytest.fixture
def database(postgresql: PostgreSQL) -> Iterator[Database]:
    database = Database(postgresql.new_database())
    yield database
    database.close()


def at_once(decide: Callable[[int], Any]) -> list[Any]:
    """What each of two gave, having begun together."""
    barrier = Barrier(2, timeout=10)

    def begin(number: int) -> Any:
        barrier.wait()
        return decide(number)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(begin, range(2)))


def a_payment(number: int, order: str, **facts: Any) -> Payment:
    return Payment(number.to_bytes(8, "big"), order, Money(1000), NOW, **facts)


@pytest.mark.covers("faults/R-04", "services/SC-5")
def test_two_tills_that_take_the_same_order_have_one_payment(database: Database) -> None:
    store = PaymentStore(database)

    def intent(number: int) -> Any:
        with store.transaction() as work:
            payment = store.current(work, order)
            if payment is None:
                payment = a_payment(2 * each + number, order)
                store.add(work, payment)
            return payment.request_id

    for each in range(ROUNDS):
        order = f"C1-{each}"
        first, second = at_once(intent)
        assert first == second


@pytest.mark.covers("faults/R-17")
def test_refunds_that_race_do_not_exceed_their_sale(database: Database) -> None:
    store = PaymentStore(database)
    for each in range(ROUNDS):
        sale = each.to_bytes(16, "big")
        with store.transaction() as work:
            store.add(work, a_payment(1000 + each, f"C1-{each}", transaction_id=sale, state=State.APPROVED))

        def refund(number: int, each: int = each, sale: bytes = sale) -> Any:
            wanted = a_payment(2 * each + number, f"R-{each}-{number}", original=sale, kind="refund")
            try:
                with store.transaction() as work:
                    store.add(work, wanted)
            except RefundBeyond:
                return False
            return True

        assert sorted(at_once(refund)) == [False, True]


@pytest.mark.covers("services/SC-6")
def test_a_timer_that_two_processes_find_due_is_handled_by_one(database: Database) -> None:
    with database.transaction() as work:
        for each in range(ROUNDS):
            TimerTable(database).set(work, "reversal", str(each), NOW)
    handled = []

    def scan(number: int) -> Any:
        timers = TimerTable(database, f"process {number}")

        async def handler(key: str) -> None:
            handled.append(key)
            with database.transaction() as work:
                timers.clear(work, "reversal", key)

        timers.handle("reversal", handler)
        return asyncio.run(timers.run_due(NOW))

    counts = at_once(scan)
    assert sum(counts) == ROUNDS
    assert sorted(handled) == sorted(map(str, range(ROUNDS)))


@pytest.mark.covers("services/SC-7")
def test_of_two_that_want_to_lead_one_does(database: Database) -> None:
    table = ExecutorTable(database)
    assert sorted(at_once(lambda number: table.leads(f"process {number}", NOW))) == [False, True]


@pytest.mark.covers("terminal/LAW-20")
def test_entries_of_two_writers_each_balance(database: Database) -> None:
    ledger = LedgerService(LedgerStore(), FixedClock())

    def book(number: int) -> Any:
        entries = []
        for each in range(ROUNDS):
            with database.transaction() as work:
                entries.append(ledger.record_sale(work, bytes([number, each]) * 8, Money(100)))
        return entries

    first, second = at_once(book)
    assert len({*first, *second}) == 2 * ROUNDS
