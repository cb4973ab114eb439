"""The ledger: balanced, immutable, each transaction once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host.ledger.errors import BookedOtherwise, Unbalanced
from host.ledger.model import Account, Entry, Kind, Posting, Scheme, taken
from host.money import Currency, Money
from tests.host.stand_ins import ledger_balance, till

pytestmark = pytest.mark.usefixtures("either_engine")

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ID = bytes(16)


def test_an_entry_sums_to_zero_in_each_currency() -> None:
    chf = Currency("CHF", 756, 2, "CHF")
    good = (Posting(Account.SALES, Money(-5)), Posting(Account.CARD_RECEIVABLE, Money(5)))
    Entry(Kind.SALE, ID, NOW, good)
    for bad in ((), good[:1], (Posting(Account.SALES, Money(-5)), Posting(Account.CARD_RECEIVABLE, Money(5, chf)))):
        with pytest.raises(Unbalanced):
            Entry(Kind.SALE, ID, NOW, bad)


def test_a_sale_debits_what_the_acquirer_owes() -> None:
    sale = taken(Kind.SALE, ID, Money(1250), NOW, Scheme())
    postings = {posting.account: posting.amount for posting in sale.postings}
    assert postings == {Account.CARD_RECEIVABLE: Money(1250), Account.SALES: Money(-1250)}


@pytest.mark.covers("faults/I2")
def test_a_transaction_is_booked_once(tmp_path: Path) -> None:
    app = till(tmp_path)
    with app.database.transaction() as work:
        first = app.ledger.record_sale(work, ID, Money(1250))
    with app.database.transaction() as work:
        assert app.ledger.record_sale(work, ID, Money(1250)) == first
        with pytest.raises(BookedOtherwise):
            app.ledger.record_sale(work, ID, Money(1251))
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == Money(1250)


@pytest.mark.covers("terminal/LAW-20")
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_what_is_booked_stays(tmp_path: Path, table: str, change: str) -> None:
    app = till(tmp_path)
    with app.database.transaction() as work:
        app.ledger.record_sale(work, ID, Money(1250))
    with pytest.raises(IntegrityError, match="append-only"), app.database.transaction() as work:
        work.execute(text(change.format(table)))


def test_an_entry_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    from host.ledger.store import LedgerStore

    app, store = till(tmp_path), LedgerStore()
    entry = taken(Kind.SALE, ID, Money(1250), NOW, Scheme())
    with app.database.transaction() as work:
        entry_id = store.append(work, entry)
        assert store.find(work, Kind.SALE, ID) == (entry_id, entry)
        assert store.find(work, Kind.SALE, b"\x01" * 16) is None
