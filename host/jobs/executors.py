"""Which processes live, and which one of them looks after the dead (services/SC-7).

Each executor says at each beat that it lives. One of them leads, for a time that it prolongs while it lives; the leader
gives what the dead had begun to the living.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Integer, String, Table, and_, or_, select

from host.database import Database, UtcDateTime, metadata
from host.jobs.timers import INSERT

BEAT = timedelta(seconds=10)
DEAD_AFTER = timedelta(seconds=30)  # three beats; a leader that dies is followed as soon

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
    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, executor: str, now: datetime) -> None:
        row = {"id": executor, "seen_at": now}
        with self._database.transaction() as work:
            insert = INSERT[work.dialect.name](executors).values(row)
            work.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def leads(self, executor: str, now: datetime) -> bool:
        """Whether it leads from now on, because it did or because nobody does."""
        row = {"id": 1, "executor": executor, "leads_until": now + DEAD_AFTER}
        free = or_(leader.c.executor == executor, leader.c.leads_until <= now)
        with self._database.transaction() as work:
            insert = INSERT[work.dialect.name](leader).values(row)
            led = work.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row, where=free))
            return led.rowcount == 1

    def dead(self, now: datetime) -> list[str]:
        """Those that were silent for DEAD_AFTER."""
        with self._database.transaction() as work:
            return list(work.scalars(select(executors.c.id).where(executors.c.seen_at <= now - DEAD_AFTER)))

    def living(self, now: datetime) -> list[str]:
        with self._database.transaction() as work:
            return list(work.scalars(select(executors.c.id).where(executors.c.seen_at > now - DEAD_AFTER)))

    def bury(self, executor: str, now: datetime) -> None:
        """Nothing of it is left; not if it beats again meanwhile."""
        silent = and_(executors.c.id == executor, executors.c.seen_at <= now - DEAD_AFTER)
        with self._database.transaction() as work:
            work.execute(executors.delete().where(silent))
