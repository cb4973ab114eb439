"""The ledger's tables; triggers refuse UPDATE and DELETE on both (host/migrations/append_only.py)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint, select

from host.database import UtcDateTime, Work, metadata
from host.ledger.model import Account, Entry, Posting
from host.money import CURRENCIES, Money

entries = Table(
    "ledger_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("transaction_id", LargeBinary(16), nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "transaction_id", name="ledger_entry_once"),
)
postings = Table(
    "ledger_posting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", Integer, ForeignKey("ledger_entry.id"), nullable=False),
    Column("account", String(32), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
)


class LedgerStore:
    def append(self, work: Work, entry: Entry) -> int:
        """The id of the new entry."""
        facts = {"kind": entry.kind, "transaction_id": entry.transaction_id, "booked_at": entry.booked_at}
        entry_id = work.scalars(entries.insert().values(facts).returning(entries.c.id)).one()
        work.execute(postings.insert(), [_row(entry_id, posting) for posting in entry.postings])
        return entry_id

    def find(self, work: Work, kind: str, transaction_id: bytes) -> tuple[int, Entry] | None:
        matches = (entries.c.kind == kind) & (entries.c.transaction_id == transaction_id)
        row = work.execute(select(entries).where(matches)).first()
        if row is None:
            return None
        return row.id, Entry(row.kind, row.transaction_id, row.booked_at, self._postings(work, row.id))

    def recent(self, work: Work, count: int) -> list[tuple[int, Entry]]:
        """The latest entries with their ids, the newest first."""
        rows = work.execute(select(entries).order_by(entries.c.id.desc()).limit(count)).all()
        return [
            (row.id, Entry(row.kind, row.transaction_id, row.booked_at, self._postings(work, row.id))) for row in rows
        ]

    def balance_minor(self, work: Work, account: Account, currency: str) -> int:
        chosen = (postings.c.account == account) & (postings.c.currency == currency)
        return sum(work.scalars(select(postings.c.amount_minor).where(chosen)))

    def _postings(self, work: Work, entry_id: int) -> tuple[Posting, ...]:
        rows = work.execute(select(postings).where(postings.c.entry_id == entry_id).order_by(postings.c.id))
        return tuple(Posting(Account(row.account), Money(row.amount_minor, CURRENCIES[row.currency])) for row in rows)


def _row(entry_id: int, posting: Posting) -> dict:
    return {
        "entry_id": entry_id,
        "account": str(posting.account),
        "amount_minor": posting.amount.amount_minor,
        "currency": posting.amount.currency.code,
    }
