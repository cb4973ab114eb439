"""What the merchant's space keeps of its own: the trace of exports, and the steps of the set-up that were ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, func, select

from host.database import UtcDateTime, Work, metadata
from host.loyalty.client_store import read_client, read_identity
from host.loyalty.model import Client, Identity
from host.loyalty.states import ENROLLED
from host.loyalty.tables import clients, consents, identities

exports = Table(
    "loyalty_export",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("members", Integer, nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("emails", Integer, nullable=False),
)
steps = Table(
    "loyalty_step",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("done_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class Export:
    """That a file left: how many members it had, and of how many a number or an address."""

    at: datetime
    members: int
    numbers: int
    emails: int


class DirectoryStore:
    def ending_with(self, work: Work, digits: str, limit: int) -> list[tuple[Client, Identity]]:
        """Of those who joined; `digits` are digits alone."""
        joined = select(clients, identities).join(identities, identities.c.member_id == clients.c.id)
        found = joined.where(identities.c.number.like(f"%{digits}"), clients.c.state.in_(sorted(ENROLLED)))
        rows = work.execute(found.order_by(clients.c.last_visit_at.desc()).limit(limit))
        return [(read_client(row), read_identity(row)) for row in rows]

    def enrolled(self, work: Work, after: str, limit: int) -> list[Client]:
        """Ids greater than `after`, ascending."""
        wanted = select(clients).where(clients.c.state.in_(sorted(ENROLLED)), clients.c.id > after)
        return [read_client(row) for row in work.execute(wanted.order_by(clients.c.id).limit(limit))]

    def trace(self, work: Work, export: Export) -> None:
        facts = {"members": export.members, "numbers": export.numbers, "emails": export.emails}
        work.execute(exports.insert(), {"at": export.at} | facts)

    def traced(self, work: Work, limit: int) -> list[Export]:
        """The latest first."""
        rows = work.execute(select(exports).order_by(exports.c.id.desc()).limit(limit))
        return [Export(row.at, row.members, row.numbers, row.emails) for row in rows]

    def withdrawn(self, work: Work, how: str, first: datetime, last: datetime) -> int:
        """Consents that ended that way."""
        ended = (consents.c.channel == how) & consents.c.answer.is_(False)
        within = (consents.c.at >= first) & (consents.c.at < last)
        return work.scalar(select(func.count()).select_from(consents).where(ended & within)) or 0

    def steps(self, work: Work) -> dict[str, datetime]:
        return {row.name: row.done_at for row in work.execute(select(steps))}

    def tick(self, work: Work, name: str, at: datetime | None) -> None:
        """None: it is not done after all."""
        work.execute(steps.delete().where(steps.c.name == name))
        if at is not None:
            work.execute(steps.insert(), {"name": name, "done_at": at})
