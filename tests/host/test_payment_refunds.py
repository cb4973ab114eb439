"""Refunds that race: two tills, each with a connection of its own, on either engine (faults/R-17)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from host.database import Database
from host.money import Money
from host.payment.errors import NotVoidable, RefundBeyond
from host.payment.follow_up import void_intent
from host.payment.model import Payment
from host.payment.states import State
from host.payment.store import PaymentStore

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SALE_ID = b"\x51" * 16
SALE = Payment(b"sale0000", "C1-1", Money(1000), AT, state=State.APPROVED, transaction_id=SALE_ID, paid_minor=1000)


def refund(number: int, amount_minor: int) -> Payment:
    request_id = number.to_bytes(8, "big")
    return Payment(request_id, f"R{number}", Money(amount_minor), AT, kind="refund", original=SALE_ID)


def add(database: Database, payment: Payment) -> bool:
    store = PaymentStore(database)
    try:
        with store.transaction() as work:
            store.add(work, payment)
    except RefundBeyond:
        return False
    return True


def refunded(database: Database) -> int:
    store = PaymentStore(database)
    with store.transaction() as work:
        return store.refunded_minor(work, SALE_ID)


def at_once(url: str, tasks: list) -> list:
    """What each task gave; each has a database connection and a thread of its own, and all begin together."""
    begin = threading.Barrier(len(tasks))
    given: list = [None] * len(tasks)

    def run(place: int, task: object) -> None:
        database = Database(url)
        begin.wait(10)
        given[place] = task(database)
        database.close()

    threads = [threading.Thread(target=run, args=(place, task)) for place, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


@pytest.mark.covers("faults/R-17", "terminal/T-R08")
@pytest.mark.parametrize("amount_minor", [1000, 600, 334, 300])
def test_refunds_that_race_never_exceed_their_sale(database: Database, database_url: str, amount_minor: int) -> None:
    add(database, SALE)
    tills = [lambda till, number=number: add(till, refund(number, amount_minor)) for number in range(8)]
    given = at_once(database_url, tills)
    assert sum(given) == 1000 // amount_minor
    assert refunded(database) == amount_minor * (1000 // amount_minor) <= 1000


@pytest.mark.covers("faults/R-17")
def test_a_cancellation_and_a_refund_that_race_are_one_or_the_other(database: Database, database_url: str) -> None:
    add(database, SALE)
    store = PaymentStore(database)

    class OnlyStore:
        def __init__(self, till: Database) -> None:
            self.store = PaymentStore(till)

    def void(till: Database) -> bool:
        try:
            void_intent(OnlyStore(till), SALE.request_id)  # type: ignore[arg-type]
        except NotVoidable:
            return False
        return True

    voided, given_back = at_once(database_url, [void, lambda till: add(till, refund(1, 1))])
    with store.transaction() as work:
        sale = store.get(work, SALE.request_id)
    assert voided != given_back
    assert sale is not None and sale.state is (State.VOIDING if voided else State.APPROVED)


@pytest.mark.covers("terminal/T-R08")
@pytest.mark.parametrize("state", [State.UNKNOWN, State.APPROVED, State.REQUESTED])
def test_what_may_be_refunded_counts_and_what_is_refused_does_not(database: Database, state: State) -> None:
    add(database, SALE)
    store = PaymentStore(database)
    first = refund(1, 1000)
    assert add(database, first)
    with store.transaction() as work:
        store.save(work, replace(first, state=state))
    assert not add(database, refund(2, 1))
    with store.transaction() as work:
        store.save(work, replace(first, state=State.DECLINED))
    assert add(database, refund(2, 1000))


@pytest.mark.parametrize("state", [State.VOIDED, State.VOIDING, State.UNKNOWN, State.DECLINED, State.AUTHORISED])
def test_only_what_is_paid_is_given_back(database: Database, state: State) -> None:
    add(database, replace(SALE, state=state))
    assert not add(database, refund(1, 1))
