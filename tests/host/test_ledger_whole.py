"""The database itself keeps entries whole, and the chart of accounts tells what became of the money."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host.database import Database
from host.ledger.errors import BookedOtherwise, NotBooked
from host.ledger.model import Account, Booked, Kind, Scheme, SchemeTotals, totals
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.money import Money
from tests.host.stand_ins import FixedClock

CB = Scheme("cb", bytes.fromhex("A0000000421010"))
VISA = Scheme("visa", bytes.fromhex("A0000000031010"))
SALE, OTHER, REFUND = (bytes([number]) * 16 for number in (1, 2, 3))
POSTING = "INSERT INTO ledger_posting (entry_id, account, amount_minor, currency) VALUES ({}, 'sales', {}, '{}')"
ENTRY = (
    "INSERT INTO ledger_entry (id, kind, reference, booked_at, brand, aid) "
    "VALUES ({}, 'sale', '', '2026-11-21 00:00:00', '', '')"
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ledger(clock: FixedClock) -> LedgerService:
    return LedgerService(LedgerStore(), clock)


def balances(ledger: LedgerService, database: Database) -> dict[str, int]:
    with database.transaction() as work:
        found = {account.value: ledger.balance(work, account).amount_minor for account in Account}
    return {name: amount for name, amount in found.items() if amount}


UNBALANCED = {
    "one side": [POSTING.format(7, 5, "EUR"), ENTRY.format(7)],
    "two that differ": [POSTING.format(7, 5, "EUR"), POSTING.format(7, -4, "EUR"), ENTRY.format(7)],
    "two currencies": [POSTING.format(7, 5, "EUR"), POSTING.format(7, -5, "CHF"), ENTRY.format(7)],
    "no postings": [ENTRY.format(7)],
    "no entry": [POSTING.format(7, 5, "EUR"), POSTING.format(7, -5, "EUR")],
    "one more": [POSTING.format(1, 5, "EUR")],
    "two more": [POSTING.format(1, 5, "EUR"), POSTING.format(1, -5, "EUR")],
}


@pytest.mark.covers("terminal/LAW-20")
@pytest.mark.parametrize("statements", UNBALANCED.values(), ids=UNBALANCED.keys())
def test_the_database_commits_no_entry_that_does_not_balance(
    database: Database, ledger: LedgerService, statements: list[str]
) -> None:
    with database.transaction() as work:
        assert ledger.record_sale(work, SALE, Money(1250)) == 1

    def write() -> None:
        with database.transaction() as work:
            for statement in statements:
                work.execute(text(statement))

    with pytest.raises(IntegrityError):
        write()
    with database.transaction() as work:
        counts = [work.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("ledger_entry", "ledger_posting")]
    assert counts == [1, 2]


def test_what_balances_is_committed(database: Database) -> None:
    with database.transaction() as work:
        for statement in (POSTING.format(7, 5, "EUR"), POSTING.format(7, -5, "EUR"), ENTRY.format(7)):
            work.execute(text(statement))


def test_tip_and_cash_are_parts_of_what_the_card_paid(database: Database, ledger: LedgerService) -> None:
    with database.transaction() as work:
        ledger.record_sale(work, SALE, Money(1350), tip=Money(100), cash=Money(250))
    assert balances(ledger, database) == {"card_receivable": 1350, "sales": -1000, "tips": -100, "drawer": -250}


def test_a_cancellation_takes_back_all_of_it(database: Database, ledger: LedgerService) -> None:
    with database.transaction() as work:
        ledger.record_completion(work, SALE, Money(1350), tip=Money(100))
        entry = ledger.record_cancellation(work, SALE)
        assert ledger.record_cancellation(work, SALE) == entry
        with pytest.raises(NotBooked):
            ledger.record_cancellation(work, OTHER)
    assert balances(ledger, database) == {}


def test_from_the_sale_to_the_bank(database: Database, ledger: LedgerService) -> None:
    """Two sales and a refund, one sale rejected; the bank pays less a commission, and 2 cents less than that."""
    with database.transaction() as work:
        ledger.record_sale(work, SALE, Money(1000))
        ledger.record_sale(work, OTHER, Money(500))
        ledger.record_refund(work, REFUND, Money(200))
        ledger.record_remittance(work, 77, Money(1000 - 200))
        ledger.record_remittance(work, 77, Money(1000 - 200))
    assert balances(ledger, database) == {"card_receivable": 500, "acquirer_settlement": 800, "sales": -1300}
    with database.transaction() as work:
        ledger.record_funds(work, "camt 1/1", Money(790), Money(8))
        with pytest.raises(BookedOtherwise):
            ledger.record_funds(work, "camt 1/1", Money(791), Money(8))
    shortfall = {"card_receivable": 500, "acquirer_settlement": 2, "bank": 790, "fees": 8, "sales": -1300}
    assert balances(ledger, database) == shortfall
    with database.transaction() as work:
        ledger.record_fee(work, "camt 2/1", Money(2))
    assert balances(ledger, database) == {"card_receivable": 500, "bank": 790, "fees": 10, "sales": -1300}


@pytest.mark.covers("terminal/T-R24")
def test_totals_by_scheme_of_transactions_and_of_a_time(
    database: Database, ledger: LedgerService, clock: FixedClock
) -> None:
    with database.transaction() as work:
        ledger.record_sale(work, SALE, Money(1000), scheme=CB)
        begin = clock.now()
        ledger.record_sale(work, OTHER, Money(500), scheme=CB)
        ledger.record_cancellation(work, OTHER)
        ledger.record_refund(work, REFUND, Money(200), scheme=VISA)
        ledger.record_remittance(work, 77, Money(800))
        cb = SchemeTotals("cb", CB.aid, "EUR", cancellation_count=1, cancellation_minor=500)
        visa = SchemeTotals("visa", VISA.aid, "EUR", credit_count=1, credit_minor=200)
        assert ledger.totals_between(work, begin, clock.now()) == (cb, visa)
        with_sale = SchemeTotals("cb", CB.aid, "EUR", 1, 1000, cancellation_count=1, cancellation_minor=500)
        assert ledger.totals_of(work, iter([SALE, OTHER, REFUND])) == (with_sale, visa)
        assert ledger.totals_of(work, [SALE]) == (SchemeTotals("cb", CB.aid, "EUR", 1, 1000),)
        assert ledger.totals_of(work, []) == ()


@pytest.mark.covers("terminal/T-R24")
def test_an_x_reading_changes_nothing(database: Database, ledger: LedgerService, clock: FixedClock) -> None:
    with database.transaction() as work:
        ledger.record_sale(work, SALE, Money(1000), scheme=CB)
    tables = ("ledger_entry", "ledger_posting", "payment", "timer")

    def rows() -> list[list[tuple]]:
        with database.transaction() as work:
            return [[tuple(row) for row in work.execute(text(f"SELECT * FROM {table}"))] for table in tables]

    before = rows()
    readings = []
    for _ in range(2):
        with database.transaction() as work:
            readings.append(ledger.totals_between(work, clock.now() - timedelta(days=1), clock.now()))
    assert readings[0] == readings[1] != ()
    assert rows() == before


def test_more_transactions_than_fit_in_one_question(database: Database, ledger: LedgerService) -> None:
    ids = [number.to_bytes(16, "big") for number in range(2500)]
    with database.transaction() as work:
        for each in (ids[0], ids[1500], ids[2499]):
            ledger.record_sale(work, each, Money(100), scheme=CB)
        assert ledger.totals_of(work, ids) == (SchemeTotals("cb", CB.aid, "EUR", 3, 300),)


SIGNS = {Kind.SALE: 1, Kind.COMPLETION: 1, Kind.REFUND: -1}
lines = st.lists(
    st.tuples(st.sampled_from(sorted(SIGNS)), st.sampled_from([CB, VISA]), st.integers(1, 10**12), st.booleans())
)


@settings(max_examples=200)
@given(lines)
def test_a_cancelled_payment_counts_among_cancellations_alone(lines: list[tuple[Kind, Scheme, int, bool]]) -> None:
    """Against sums made without any taking back: each line counts in one column."""
    rows, expected = [], {}
    for kind, scheme, amount, cancelled in lines:
        rows.append(Booked(scheme, "EUR", kind, SIGNS[kind] > 0, 1, SIGNS[kind] * amount))
        if cancelled:
            rows.append(Booked(scheme, "EUR", Kind.CANCELLATION, SIGNS[kind] < 0, 1, -SIGNS[kind] * amount))
        column = "cancellation" if cancelled else "debit" if SIGNS[kind] > 0 else "credit"
        key = (scheme.brand, scheme.aid, "EUR")
        sums = expected.setdefault(key, dict.fromkeys(map("_".join, itertools.product(COLUMNS, UNITS)), 0))
        sums[f"{column}_count"] += 1
        sums[f"{column}_minor"] += amount
    assert totals(rows) == tuple(SchemeTotals(*key, **expected[key]) for key in sorted(expected))


COLUMNS, UNITS = ("debit", "credit", "cancellation"), ("count", "minor")
