"""Which processes live, and which one of them leads: rows that each of them writes at its beat (services/SC-7).

A moment later than any beat of now was written when the clock went wrong: it counts as long past (faults/R-13).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Integer, String, Table, not_, or_, select

from host.database import Database, UtcDateTime, metadata
from host.jobs.timers import INSERT

BEAT = timedelta(seconds=5)
DEAD_AFTER = timedelta(seconds=15)  # three beats; so long does a leader lead after its last one, too

executors = Table(
    "executor",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)
leader = Table(
    "executor_leader",
    metadata,
    Column("id", Integer, primary_key=True),  # the only row is 1
    Column("executor", String(64), nullable=False),
    Column("leads_until", UtcDateTime, nullable=False),
)


class ExecutorTable:
    def __init__(self, database: Database, dead_after: timedelta = DEAD_AFTER) -> None:
        self._database = database
        self._dead_after = dead_after

    def beat(self, executor: str, now: datetime) -> None:
        row = {"id": executor, "seen_at": now}
        with self._database.transaction() as work:
            insert = INSERT[work.dialect.name](executors).values(row)
            work.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def leads(self, executor: str, now: datetime) -> bool:
        """Whether it leads from now on, because it did or because nobody does."""
        row = {"id": 1, "executor": executor, "leads_until": now + self._dead_after}
        until = leader.c.leads_until
        free = or_(leader.c.executor == executor, until <= now, until > now + self._dead_after)
        with self._database.transaction() as work:
            insert = INSERT[work.dialect.name](leader).values(row)
            kept = insert.on_conflict_do_update(index_elements=["id"], set_=row, where=free)
            return work.execute(kept.returning(leader.c.executor)).first() is not None

    def dead(self, now: datetime) -> list[str]:
        """Those that were silent for too long."""
        return self._ids(self._silent(now))

    def living(self, now: datetime) -> list[str]:
        return self._ids(not_(self._silent(now)))

    def bury(self, executor: str, now: datetime) -> None:
        """Nothing of it is left; not if it beats again meanwhile."""
        with self._database.transaction() as work:
            work.execute(executors.delete().where(executors.c.id == executor, self._silent(now)))

    def _silent(self, now: datetime) -> ColumnElement[bool]:
        seen_at = executors.c.seen_at
        return or_(seen_at <= now - self._dead_after, seen_at > now + self._dead_after)

    def _ids(self, chosen: ColumnElement[bool]) -> list[str]:
        with self._database.transaction() as work:
            return list(work.scalars(select(executors.c.id).where(chosen)))
