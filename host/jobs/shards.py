"""Many timers of one moment as few workflows (services/SC-1, TC-3).

The timers of a lane (an acquirer) that are due in one slot of five minutes are spread by the hash of their keys over
shards of 500; each shard is a workflow, which any executor may run, with a checkpoint after each 100. These are held,
handled beside one another, with commits in common (host/group_commit.py), and let go of together: one that fails leaves
its shard with a back-off of its own, and the others go on.
How many shards a slot has is written down before the first is started, so that every executor starts the same ones.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from sqlalchemy import Column, Integer, Row, String, Table, and_, exists, func, select

from host.clock import Clock
from host.database import Database, UtcDateTime, metadata
from host.group_commit import GroupBroken, GroupCommit
from host.jobs.port import Jobs, Steps
from host.jobs.timers import INSERT, SLOT, SPREAD, Handler, TimerTable, free, slot_of, timers

SHARD = 500
PART = 100
LATE = timedelta(hours=1)  # what was due so long ago fell out of its shard: it joins the next slot
KEPT_FOR = timedelta(days=2)

log = logging.getLogger(__name__)

plans = Table(
    "shard_plan",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("lane", String(35), primary_key=True),
    Column("slot", UtcDateTime, primary_key=True),
    Column("shards", Integer, nullable=False),
    Column("started_at", UtcDateTime),
)


@dataclass(frozen=True)
class Shard:
    """One of `of` shards of what is due in a slot, which ends at that moment."""

    kind: str
    lane: str
    slot: datetime
    number: int
    of: int

    @property
    def key(self) -> str:
        return f"{self.slot:%Y%m%dT%H%M}/{self.number}/{self.of}/{self.lane}"

    @staticmethod
    def read(kind: str, key: str) -> Shard:
        slot, number, of, lane = key.split("/", 3)
        return Shard(kind, lane, datetime.strptime(f"{slot}+0000", "%Y%m%dT%H%M%z"), int(number), int(of))


class ShardedTimers(TimerTable):
    """port.Timers of which some kinds are handled in shards."""

    def __init__(self, database: Database, jobs: Jobs, clock: Clock, sharded: set[str], holder: str = "local") -> None:
        super().__init__(database, holder)
        self._jobs = jobs
        self._clock = clock
        self._sharded = sharded

    def handle(self, kind: str, handler: Handler) -> None:
        super().handle(kind, handler)
        if kind in self._sharded:
            self._jobs.register(f"shard {kind}", self._workflow(kind))

    async def run_due(self, now: datetime) -> int:
        """How many timers were handled here, and shards started."""
        handled = await super().run_due(now)
        for kind in sorted(self._sharded & self._handlers.keys()):
            self._plan(kind, now)
            handled += await self._start(kind, now)
        return handled

    def _scanned(self) -> list[str]:
        return sorted(self._handlers.keys() - self._sharded)

    def _plan(self, kind: str, now: datetime) -> None:
        """Write down the shards of each slot that has ended and has none."""
        of_slot = (timers.c.lane, timers.c.slot)
        planned = exists().where(plans.c.kind == kind, plans.c.lane == timers.c.lane, plans.c.slot == timers.c.slot)
        due = and_(timers.c.kind == kind, timers.c.slot <= now, ~planned)
        fallen_out = and_(timers.c.kind == kind, timers.c.slot <= now - LATE, free(now))
        with self._transaction() as work:
            for group in work.execute(
                select(*of_slot, func.count().label("members")).where(due).group_by(*of_slot)
            ).all():
                plan = {"kind": kind, "lane": group.lane, "slot": group.slot, "shards": -(-group.members // SHARD)}
                work.execute(INSERT[work.dialect.name](plans).values(plan).on_conflict_do_nothing())
            work.execute(timers.update().where(fallen_out, planned).values(slot=slot_of(now + SLOT)))
            work.execute(plans.delete().where(plans.c.started_at <= now - KEPT_FOR))

    async def _start(self, kind: str, now: datetime) -> int:
        """Every shard of the plans that are not known to be started; one that runs already is not started again."""
        wanted = and_(plans.c.kind == kind, plans.c.started_at.is_(None))
        with self._transaction() as work:
            rows = work.execute(select(plans).where(wanted).order_by(plans.c.slot, plans.c.lane)).all()
        for row in rows:
            for number in range(row.shards):
                shard = Shard(kind, row.lane, row.slot, number, row.shards)
                await self._jobs.start(f"shard {kind}", shard.key, shard.lane)
            this = and_(plans.c.kind == kind, plans.c.lane == row.lane, plans.c.slot == row.slot)
            with self._transaction() as work:
                work.execute(plans.update().where(this).values(started_at=now))
        return sum(row.shards for row in rows)

    def _workflow(self, kind: str) -> Callable[[str, Steps], Awaitable[None]]:
        async def run(key: str, steps: Steps) -> None:
            shard = Shard.read(kind, key)
            for part in count():
                if await steps.run(f"part {part}", lambda: self._part(shard)) < PART:
                    return

        return run

    async def _part(self, shard: Shard) -> int:
        """Handle as many as PART of those that are left; how many were found. Run again, it finds what is left then."""
        now = self._clock.now()
        held = self._hold_some(shard, now)
        outcomes = await GroupCommit(self._database.alone).run([partial(self._call, timer) for timer in held])
        for timer, outcome in zip(held, outcomes):
            if isinstance(outcome, GroupBroken):
                await self._handle(timer)
            elif outcome is not None:
                log.error("timer %s failed", timer.kind, exc_info=outcome)
        self._let_go_of(held, self._clock.now())
        return len(held)

    async def _call(self, timer: Row) -> None:
        await self._handlers[timer.kind](timer.key)

    def _hold_some(self, shard: Shard, now: datetime) -> Sequence[Row]:
        first, after = (SPREAD * number // shard.of for number in (shard.number, shard.number + 1))
        within = and_(timers.c.spread >= first, timers.c.spread < after)
        of_slot = and_(timers.c.kind == shard.kind, timers.c.lane == shard.lane, timers.c.slot == shard.slot)
        chosen = select(timers.c.key).where(of_slot, within, timers.c.due_at <= now, free(now))
        some = chosen.order_by(timers.c.spread).limit(PART).with_for_update(skip_locked=True)
        ours = and_(timers.c.kind == shard.kind, timers.c.key.in_(some))
        with self._transaction() as work:
            return work.execute(timers.update().where(ours).values(self._held(now)).returning(timers)).all()

    def _let_go_of(self, held: Sequence[Row], now: datetime) -> None:
        """As of each by itself."""
        due = {timer.key: timer for timer in held}
        for kind in {timer.kind for timer in held}:
            mine = and_(timers.c.kind == kind, timers.c.key.in_(due), timers.c.held_by == self._holder)
            with self._transaction() as work:
                left = work.execute(select(timers).where(mine)).all()
                failed = [row.key for row in left if row.due_at == due[row.key].due_at]
                work.execute(
                    timers.update().where(mine, timers.c.key.not_in(failed)).values(held_by=None, held_until=None)
                )
            for key in failed:
                self._let_go(due[key], due[key].attempts, now)
