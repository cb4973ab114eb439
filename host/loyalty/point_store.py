"""Points: entries that are never changed, and the balances that they add up to, changed in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select

from host.database import Work
from host.loyalty.model import Counter, Entry, EntryKind
from host.loyalty.tables import balances, entries
from host.loyalty.upsert import INSERT, Once

CAME = [EntryKind.EARNED, EntryKind.BIRTHDAY]  # these alone may bear an end

BOOK = Once(entries)
NET_OF_TICKET = (
    select(entries.c.counter, func.sum(entries.c.points).label("points"))
    .where(entries.c.ticket == bindparam("wanted"), entries.c.kind.in_([EntryKind.EARNED, EntryKind.TAKEN_BACK]))
    .group_by(entries.c.counter)
)
BALANCES = select(balances.c.counter, balances.c.points).where(balances.c.member_id == bindparam("wanted"))


def _adding(insert: Any) -> Any:
    """To the balance, which may not be there yet; of two moments at which something expires the sooner counts."""
    sooner = func.coalesce(
        case((balances.c.next_expiry < insert.excluded.next_expiry, balances.c.next_expiry)),
        insert.excluded.next_expiry,
        balances.c.next_expiry,
    )
    added = {"points": balances.c.points + insert.excluded.points, "next_expiry": sooner}
    return insert.on_conflict_do_update(index_elements=["member_id", "counter"], set_=added)


ADD = {name: _adding(insert(balances)) for name, insert in INSERT.items()}


@dataclass(frozen=True)
class Lots:
    """Of one balance. came: all whose end is past. went: all that was ever spent, taken back or expired."""

    came: int
    went: int
    next_expiry: datetime | None


class PointStore:
    def book(self, work: Work, entry: Entry, owner: str) -> bool:
        """Under the client's id of then; the balance is the owner's, into whom that client may have been merged.
        False: it is booked already, and nothing changes."""
        if not BOOK.add(work, _row(entry)):
            return False
        self._add(work, owner, entry.counter, entry.points, entry.expires_at)
        return True

    def spend(self, work: Work, entry: Entry, owner: str) -> bool:
        """False: there are not so many, for another till may have spent them; the transaction is to be lost then. What
        is spent already is not spent again."""
        if not BOOK.add(work, _row(entry)):
            return True
        of_owner = (balances.c.member_id == owner) & (balances.c.counter == entry.counter)
        enough = balances.c.points >= -entry.points
        less = balances.update().where(of_owner & enough).values(points=balances.c.points + entry.points)
        return work.execute(less).rowcount == 1

    def balances(self, work: Work, owner: str) -> dict[Counter, int]:
        return {Counter(row.counter): row.points for row in work.execute(BALANCES, {"wanted": owner})}

    def balances_of(self, work: Work, owners: Sequence[str]) -> dict[str, dict[Counter, int]]:
        found: dict[str, dict[Counter, int]] = {owner: {} for owner in owners}
        for row in work.execute(select(balances).where(balances.c.member_id.in_(owners))):
            found[row.member_id][Counter(row.counter)] = row.points
        return found

    def net_of_ticket(self, work: Work, ticket: str) -> dict[Counter, int]:
        """What it earned, less what was taken back of it."""
        return {Counter(row.counter): int(row.points) for row in work.execute(NET_OF_TICKET, {"wanted": ticket})}

    def find(self, work: Work, kind: EntryKind, reference: str) -> Entry | None:
        same = (entries.c.kind == kind) & (entries.c.reference == reference)
        row = work.execute(select(entries).where(same)).first()
        return _entry(row) if row else None

    def spent_on(self, work: Work, ticket: str) -> list[Entry]:
        spent = (entries.c.ticket == ticket) & (entries.c.kind == EntryKind.SPENT)
        return [_entry(row) for row in work.execute(select(entries).where(spent).order_by(entries.c.id))]

    def of(self, work: Work, family: Sequence[str], limit: int | None = None) -> list[Entry]:
        """The newest first."""
        mine = select(entries).where(entries.c.member_id.in_(family)).order_by(entries.c.id.desc()).limit(limit)
        return [_entry(row) for row in work.execute(mine)]

    def unite(self, work: Work, gone: str, stays: str) -> None:
        for row in work.execute(select(balances).where(balances.c.member_id == gone)).all():
            self._add(work, stays, Counter(row.counter), row.points, row.next_expiry)
        work.execute(balances.delete().where(balances.c.member_id == gone))

    # ---- expiry ----

    def due(self, work: Work, now: datetime, limit: int) -> list[tuple[str, Counter]]:
        """Balances in which something may expire."""
        past = select(balances.c.member_id, balances.c.counter).where(balances.c.next_expiry <= now)
        rows = work.execute(past.order_by(balances.c.next_expiry, balances.c.member_id).limit(limit))
        return [(row.member_id, Counter(row.counter)) for row in rows]

    def lots(self, work: Work, family: Sequence[str], counter: Counter, now: datetime) -> Lots:
        past = case((entries.c.expires_at <= now, entries.c.points), else_=0)
        went = case((entries.c.kind.in_(CAME), 0), else_=entries.c.points)
        later = case((entries.c.expires_at > now, entries.c.expires_at))
        mine = entries.c.member_id.in_(family) & (entries.c.counter == counter)
        came, less, next_expiry = work.execute(
            select(func.sum(past), func.sum(went), func.min(later)).where(mine)
        ).one()
        return Lots(int(came or 0), -int(less or 0), next_expiry)

    def expires_next(self, work: Work, owner: str, counter: Counter, moment: datetime | None) -> None:
        mine = (balances.c.member_id == owner) & (balances.c.counter == counter)
        work.execute(balances.update().where(mine).values(next_expiry=moment))

    def _add(self, work: Work, owner: str, counter: Counter, points: int, expiry: datetime | None) -> None:
        row = {"member_id": owner, "counter": str(counter), "points": points, "next_expiry": expiry}
        work.execute(ADD[work.dialect.name], row)


def _row(entry: Entry) -> dict[str, object]:
    return {
        "kind": str(entry.kind),
        "reference": entry.reference,
        "counter": str(entry.counter),
        "member_id": entry.member_id,
        "points": entry.points,
        "at": entry.at,
        "ticket": entry.ticket,
        "reward": entry.reward,
        "expires_at": entry.expires_at,
    }


def _entry(row: Row) -> Entry:
    return Entry(
        EntryKind(row.kind),
        row.reference,
        Counter(row.counter),
        row.member_id,
        row.points,
        row.at,
        row.ticket,
        row.reward,
        row.expires_at,
    )
