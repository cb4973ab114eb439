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

from sqlalchemy import Column, ColumnElement, Index, Integer, Row, String, Table, and_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from host.database import Database, UtcDateTime, Work, metadata

HELD_FOR = timedelta(minutes=15)
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=1)
MOST_AT_ONCE = 1000
TURN_S = 60.0
LOOK_AFTER = timedelta(seconds=30)  # at what this process does not know of: timers that others set, or held and lost
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
NOBODY = {"held_by": None, "held_until": None}

Handler = Callable[[str], Awaitable[None]]


def free(now: datetime) -> ColumnElement[bool]:
    """Held by nobody; a hold that ends later than one of now was taken when the clock went wrong (faults/R-13)."""
    return _is_free(now, now + HELD_FOR)


def _is(kind: Any, key: Any) -> ColumnElement[bool]:
    return and_(timers.c.kind == kind, timers.c.key == key)


def _is_free(now: Any, longest: Any) -> ColumnElement[bool]:
    return or_(timers.c.held_until.is_(None), timers.c.held_until <= now, timers.c.held_until > longest)


def _replacing(insert: Any) -> Any:
    replaced = {name: insert.excluded[name] for name in ("lane", "due_at", "slot", "spread", "attempts")}
    return insert.on_conflict_do_update(index_elements=["kind", "key"], set_=replaced)


# Prepared once, as in host/payment/store.py
SET = {name: _replacing(insert(timers)) for name, insert in INSERT.items()}
THIS = _is(bindparam("this_kind"), bindparam("this_key"))
CLEAR = timers.delete().where(THIS)
RELEASE = timers.update().where(timers.c.held_by == bindparam("holder")).values(NOBODY)
BRING_BACK = (
    timers.update()
    .where(timers.c.kind == bindparam("this_kind"), timers.c.due_at > bindparam("latest"))
    .values(due_at=bindparam("again"), slot=bindparam("its_slot"))
)
HOLD = (
    timers.update()
    .where(THIS, timers.c.due_at == bindparam("was_due"), _is_free(bindparam("now"), bindparam("longest_hold")))
    .values(held_by=bindparam("holder"), held_until=bindparam("until"), attempts=timers.c.attempts + 1)
)
HELD = and_(THIS, timers.c.held_by == bindparam("holder"))
AGAIN = (
    timers.update()
    .where(HELD, timers.c.due_at == bindparam("was_due"))
    .values(due_at=bindparam("again"), slot=bindparam("its_slot"))
)
LET_GO = timers.update().where(HELD).values(NOBODY)
SCANNED = and_(
    timers.c.kind.in_(bindparam("kinds", expanding=True)), _is_free(bindparam("now"), bindparam("longest_hold"))
)
SOONEST = select(func.min(timers.c.due_at)).where(SCANNED)
DUE = (
    select(timers)
    .where(timers.c.due_at <= bindparam("now"), SCANNED)
    .order_by(timers.c.due_at, timers.c.kind, timers.c.key)
    .limit(MOST_AT_ONCE)
)


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
        self._soonest = datetime.min.replace(tzinfo=UTC)  # when one is due, as far as is known
        self._looked_at = self._soonest

    def set(self, work: Work, kind: str, key: str, due_at: datetime, lane: str = "") -> None:
        row = {"kind": kind, "key": key, "lane": lane, "due_at": due_at, "slot": slot_of(due_at), "attempts": 0}
        row["spread"] = crc32(key.encode()) % SPREAD
        work.execute(SET[work.dialect.name], row)
        self._soonest = min(self._soonest, due_at)

    def clear(self, work: Work, kind: str, key: str) -> None:
        work.execute(CLEAR, {"this_kind": kind, "this_key": key})

    def handle(self, kind: str, handler: Handler) -> None:
        self._handlers[kind] = handler

    def may_be_due(self, now: datetime) -> bool:
        """Is it time to look? Asks no database. What others did, and what a clock that was set did, is seen within
        LOOK_AFTER."""
        return now >= self._soonest or abs(now - self._looked_at) >= LOOK_AFTER

    async def run_due(self, now: datetime) -> int:
        """One pass over at most MOST_AT_ONCE timers, the longest due first. Handlers are short, or start a job; those
        of a kind that took TURN_S wait for the next pass, so that an acquirer that is silent delays no evening."""
        if self._look(now) > now:
            return 0
        with self._transaction() as work:
            due = work.execute(DUE, self._scanning(now)).all()
        handled, took_s, time = 0, dict.fromkeys(self._handlers, 0.0), asyncio.get_running_loop().time
        for timer in due:
            if took_s[timer.kind] < TURN_S:
                begun_s = time()
                handled += await self.run(timer, now)
                took_s[timer.kind] += time() - begun_s
        self._look(now)
        return handled

    def release(self, holder: str | None = None) -> None:
        """Give back what a holder, by default this one, held when it died."""
        with self._transaction() as work:
            work.execute(RELEASE, {"holder": holder or self._holder})
        self._soonest = datetime.min.replace(tzinfo=UTC)

    def bring_back(self, now: datetime, longest: dict[str, timedelta]) -> None:
        """Timers that are further away than their kind is ever set were set by a clock that was ahead: they are due
        (faults/R-13)."""
        due = {"again": now, "its_slot": slot_of(now)}
        with self._transaction() as work:
            for kind, ahead in longest.items():
                work.execute(BRING_BACK, due | {"this_kind": kind, "latest": now + ahead})
        self._soonest = min(self._soonest, now)

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

    def _scanning(self, now: datetime) -> dict[str, Any]:
        return {"kinds": self._scanned(), "now": now, "longest_hold": now + HELD_FOR}

    def _look(self, now: datetime) -> datetime:
        """When one is due; it may be long past."""
        never = datetime.max.replace(tzinfo=UTC)
        self._looked_at, self._soonest = now, never
        with self._transaction() as work:
            found = work.scalar(SOONEST, self._scanning(now))
        self._soonest = min(self._soonest, found or never)
        return self._soonest

    def _hold(self, timer: Row, now: datetime) -> bool:
        until = now + HELD_FOR
        times = {"was_due": timer.due_at, "now": now, "longest_hold": until, "until": until}
        with self._transaction() as work:
            return work.execute(HOLD, self._ours(timer) | times).rowcount == 1

    def _held(self, now: datetime) -> dict[str, Any]:
        return {"held_by": self._holder, "held_until": now + HELD_FOR, "attempts": timers.c.attempts + 1}

    def _let_go(self, timer: Row, attempts: int, now: datetime) -> None:
        """What the handler neither set nor cleared comes again after a back-off."""
        ours, due_at = self._ours(timer), now + back_off(attempts)
        again = {"was_due": timer.due_at, "again": due_at, "its_slot": slot_of(due_at)}
        with self._transaction() as work:
            work.execute(AGAIN, ours | again)
            work.execute(LET_GO, ours)

    def _ours(self, timer: Row) -> dict[str, Any]:
        return {"this_kind": timer.kind, "this_key": timer.key, "holder": self._holder}

    def _transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()
