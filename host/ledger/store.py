"""The ledger's tables; the database itself keeps them whole (host/migrations/versions/0005).

Postings are written first and their entry last: the reference from posting to entry is checked at the commit, a trigger
lets an entry in only when its postings are there and sum to zero, another lets no posting join an entry that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    select,
)

from host.database import UtcDateTime, Work, metadata
from host.ledger.model import TAKEN, Account, Booked, Entry, Kind, Posting, Scheme
from host.money import CURRENCIES, Money

AT_ONCE = 1000  # references in one question

entries = Table(
    "ledger_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("reference", LargeBinary(16), nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
    Column("brand", String(16), nullable=False),
    Column("aid", LargeBinary(16), nullable=False),
    UniqueConstraint("kind", "reference", name="ledger_entry_once"),
    Index("ledger_entry_by_moment", "booked_at"),
)
postings = Table(
    "ledger_posting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", Integer, ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("account", String(32), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Index("ledger_posting_of_entry", "entry_id"),
    Index("ledger_posting_of_account", "account", "currency", "amount_minor"),
)

# Made once: to make a statement costs as much as to run it.
INSERT_ENTRY = entries.insert()
INSERT_POSTINGS = postings.insert()
FIND = select(entries).where(entries.c.kind == bindparam("wanted_kind"), entries.c.reference == bindparam("wanted"))
FIND_TAKEN = select(entries).where(entries.c.reference == bindparam("wanted"), entries.c.kind.in_(TAKEN))
POSTINGS = select(postings).where(postings.c.entry_id == bindparam("wanted")).order_by(postings.c.id)


def _booked(chosen: ColumnElement[bool]) -> Select:
    """Of the entries that touch card_receivable because a card paid, was paid, or its payment was cancelled."""
    debit = (postings.c.amount_minor > 0).label("debit")
    facts = (entries.c.brand, entries.c.aid, postings.c.currency, entries.c.kind, debit)
    counted = (func.count().label("entries"), func.sum(postings.c.amount_minor).label("amount_minor"))
    joined = entries.join(postings, postings.c.entry_id == entries.c.id)
    # Not by the index of accounts: SQLite would read all that cards ever paid
    touches = func.coalesce(postings.c.account, "") == str(Account.CARD_RECEIVABLE)
    of_cards = entries.c.kind.in_([*TAKEN, Kind.CANCELLATION]) & touches
    return select(*facts, *counted).select_from(joined).where(of_cards, chosen).group_by(*facts)


BOOKED_OF = _booked(entries.c.reference.in_(bindparam("wanted", expanding=True)))
BOOKED_BETWEEN = _booked((entries.c.booked_at >= bindparam("since")) & (entries.c.booked_at < bindparam("until")))
# On SQLite nobody else writes meanwhile; PostgreSQL has a sequence.
NEXT_ID = {
    "sqlite": select(func.coalesce(func.max(entries.c.id), 0) + 1),
    "postgresql": select(func.nextval("ledger_entry_id_seq")),
}


class LedgerStore:
    def append(self, work: Work, entry: Entry) -> int:
        """The id of the new entry."""
        entry_id = work.scalars(NEXT_ID[work.dialect.name]).one()
        work.execute(INSERT_POSTINGS, [_posting_row(entry_id, posting) for posting in entry.postings])
        work.execute(INSERT_ENTRY, _entry_row(entry_id, entry))
        return entry_id

    def find(self, work: Work, kind: Kind, reference: bytes) -> tuple[int, Entry] | None:
        row = work.execute(FIND, {"wanted_kind": str(kind), "wanted": reference}).first()
        return (row.id, self._entry(work, row)) if row else None

    def taken(self, work: Work, transaction_id: bytes) -> Entry | None:
        """What a card paid, or was paid, under that id."""
        row = work.execute(FIND_TAKEN, {"wanted": transaction_id}).first()
        return self._entry(work, row) if row else None

    def recent(self, work: Work, count: int) -> list[tuple[int, Entry]]:
        """The latest entries with their ids, the newest first."""
        rows = work.execute(select(entries).order_by(entries.c.id.desc()).limit(count)).all()
        return [(row.id, self._entry(work, row)) for row in rows]

    def balance_minor(self, work: Work, account: Account, currency: str) -> int:
        chosen = (postings.c.account == account) & (postings.c.currency == currency)
        return int(work.scalars(select(func.coalesce(func.sum(postings.c.amount_minor), 0)).where(chosen)).one())

    def booked_between(self, work: Work, since: datetime, until: datetime) -> list[Booked]:
        return [_counted(row) for row in work.execute(BOOKED_BETWEEN, {"since": since, "until": until})]

    def booked_of(self, work: Work, transaction_ids: Iterable[bytes]) -> Iterator[Booked]:
        ids = iter(transaction_ids)
        while some := list(islice(ids, AT_ONCE)):
            yield from map(_counted, work.execute(BOOKED_OF, {"wanted": some}))

    def _entry(self, work: Work, row: Row) -> Entry:
        rows = work.execute(POSTINGS, {"wanted": row.id})
        amounts = tuple(
            Posting(Account(row.account), Money(row.amount_minor, CURRENCIES[row.currency])) for row in rows
        )
        return Entry(Kind(row.kind), row.reference, row.booked_at, amounts, Scheme(row.brand, row.aid))


def _entry_row(entry_id: int, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry_id,
        "kind": str(entry.kind),
        "reference": entry.reference,
        "booked_at": entry.booked_at,
        "brand": entry.scheme.brand,
        "aid": entry.scheme.aid,
    }


def _posting(row: Row) -> Posting:
    return Posting(Account(row.account), Money(row.amount_minor, CURRENCIES[row.currency]))


def _posting_row(entry_id: int, posting: Posting) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "account": str(posting.account),
        "amount_minor": posting.amount.amount_minor,
        "currency": posting.amount.currency.code,
    }


def _counted(row: Row) -> Booked:
    scheme = Scheme(row.brand, row.aid)
    return Booked(scheme, row.currency, Kind(row.kind), bool(row.debit), row.entries, int(row.amount_minor))
