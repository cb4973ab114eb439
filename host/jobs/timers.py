"""Timers are rows with `due_at` (services/SC-3, SC-6): nothing sleeps, and whoever scans them brings the time.

A timer that is due is held while its handler runs, so that two processes never handle it at once. Who held it and died
gives it back with `release`; who is never heard of again, when HELD_FOR is over.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Column, ColumnElement, Index, Integer, Row, String, Table, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from host.database import Database, UtcDateTime, Work, metadata

HELD_FOR = timedelta(minutes=15)
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=1)
MOST_AT_ONCE = 1000
TURN_S = 60.0
SLOT = timedelta(minutes=5)
SPREAD = 1 << 16

log = logging.getLogger(__name__)

timers = Table(
    "timer",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("lane", String(35), nullable=False),  # timers of a kind that must not wait for those of another lane
    Column("due_at", UtcDateTime, nullable=False),
    Column("slot", UtcDateTime, nullable=False),  # of due_at
    Column("spread", Integer, nullable=False),  # a hash of the key, less than SPREAD
    Column("attempts", Integer, nullable=False),  # since it was set
    Column("held_by", String(64)),
    Column("held_until", UtcDateTime),
    Index("timer_due", "due_at"),
    Index("timer_shard", "kind", "lane", "slot", "spread"),
)
INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
FREE = {"held_by": None, "held_until": None}

Handler = Callable[[str], Awaitable[None]]


def back_off(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min ... 1 h after that many attempts, which is 1 or more."""
    return min(FIRST_BACK_OFF * 2 ** min(attempts - 1, 16), LONGEST_BACK_OFF)


def slot_of(due_at: datetime) -> datetime:
    """The first of the marks, five minutes apart, that is not earlier."""
    late = (due_at - datetime.min.replace(tzinfo=UTC)) % SLOT
    return due_at + (SLOT - late) if late else due_at


class TimerTable:
    """port.Timers on the domain's own database. `holder` is this process's name, the same in its next life."""

    def __init__(self, database: Database, holder: str = "local") -> None:
        self._database = database
        self._holder = holder
        self._handlers: dict[str, Handler] = {}

    def set(self, work: Work, kind: str, key: str, due_at: datetime, lane: str = "") -> None:
        row = {"kind": kind, "key": key, "lane": lane, "due_at": due_at, "slot": slot_of(due_at), "attempts": 0}
        row["spread"] = crc32(key.encode()) % SPREAD
        insert = INSERT[work.dialect.name](timers).values(row)
        work.execute(insert.on_conflict_do_update(index_elements=["kind", "key"], set_=row))

    def clear(self, work: Work, kind: str, key: str) -> None:
        work.execute(timers.delete().where(_is(kind, key)))

    def handle(self, kind: str, handler: Handler) -> None:
        self._handlers[kind] = handler

    async def run_due(self, now: datetime) -> int:
        """One pass over at most MOST_AT_ONCE timers, the longest due first. Handlers are short, or start a job; those
        of a kind that took TURN_S wait for the next pass, so that an acquirer that is silent delays no evening."""
        chosen = and_(timers.c.due_at <= now, free(now), timers.c.kind.in_(self._scanned()))
        in_order = (timers.c.due_at, timers.c.kind, timers.c.key)
        with self._transaction() as work:
            due = work.execute(select(timers).where(chosen).order_by(*in_order).limit(MOST_AT_ONCE)).all()
        handled, took_s, time = 0, dict.fromkeys(self._handlers, 0.0), asyncio.get_running_loop().time
        for timer in due:
            if took_s[timer.kind] < TURN_S:
                begun_s = time()
                handled += await self.run(timer, now)
                took_s[timer.kind] += time() - begun_s
        return handled

    def release(self, holder: str | None = None) -> None:
        """Give back what a holder, by default this one, held when it died."""
        with self._transaction() as work:
            work.execute(timers.update().where(timers.c.held_by == (holder or self._holder)).values(FREE))

    async def run(self, timer: Row, now: datetime) -> bool:
        """Whether it was handled: not when another process has it, or it was set anew."""
        if not self._hold(timer, now):
            return False
        await self._handle(timer)
        self._let_go(timer, timer.attempts + 1, now)
        return True

    async def _handle(self, timer: Row) -> None:
        try:
            await self._handlers[timer.kind](timer.key)
        except Exception:  # whatever it was, the timer comes again
            log.exception("timer %s failed", timer.kind)

    def _scanned(self) -> list[str]:
        """The kinds that are handled one by one."""
        return sorted(self._handlers)

    def _hold(self, timer: Row, now: datetime) -> bool:
        ours = and_(_is(timer.kind, timer.key), timers.c.due_at == timer.due_at, free(now))
        with self._transaction() as work:
            return work.execute(timers.update().where(ours).values(self._held(now))).rowcount == 1

    def _held(self, now: datetime) -> dict[str, Any]:
        return {"held_by": self._holder, "held_until": now + HELD_FOR, "attempts": timers.c.attempts + 1}

    def _let_go(self, timer: Row, attempts: int, now: datetime) -> None:
        """What the handler neither set nor cleared comes again after a back-off."""
        held = and_(_is(timer.kind, timer.key), timers.c.held_by == self._holder)
        due_at = now + back_off(attempts)
        again = {"due_at": due_at, "slot": slot_of(due_at)}
        with self._transaction() as work:
            work.execute(timers.update().where(held, timers.c.due_at == timer.due_at).values(again))
            work.execute(timers.update().where(held).values(FREE))

    def _transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()


def _is(kind: str, key: str) -> ColumnElement[bool]:
    return and_(timers.c.kind == kind, timers.c.key == key)


def free(now: datetime) -> ColumnElement[bool]:
    """Held by nobody; a hold that ends later than one of now was taken when the clock went wrong (faults/R-13)."""
    return or_(timers.c.held_until.is_(None), timers.c.held_until <= now, timers.c.held_until > now + HELD_FOR)
