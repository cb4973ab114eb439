"""The beat of an executor: it lives, and when it leads, what the dead had in hand goes to the living (services/SC-7).

What is taken from one that was silent for too long and yet lives runs twice for a while; that is why each step of a
workflow may. The executors' clocks may differ by a few seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from host.clock import Clock
from host.jobs.executors import BEAT, ExecutorTable

log = logging.getLogger(__name__)


class Engine(Protocol):
    """host/jobs/dbos_jobs.py."""

    def holders(self) -> set[str]: ...

    def recover(self, executors: Iterable[str]) -> None: ...


class TimersHeld(Protocol):
    """host/jobs/timers.py."""

    def release(self, holder: str | None = None) -> None: ...


def beat(table: ExecutorTable, engine: Engine, timers: TimersHeld, executor: str, now: datetime) -> set[str]:
    """The dead whose work was given to the living: those that fell silent, and who has work in hand and never beat."""
    table.beat(executor, now)
    if not table.leads(executor, now):
        return set()
    silent = set(table.dead(now))
    dead = silent | engine.holders() - set(table.living(now))
    for each in dead:
        timers.release(each)  # first: the work that comes back looks for them
    if dead:
        engine.recover(dead)
    for each in dead:
        table.bury(each, now)
    return dead


class Heartbeat(threading.Thread):
    """Beats in a thread of its own: a loop that is busy for a while must not look dead.

    Starts beating before the engine is launched, so that nobody has work in hand without having beaten.
    """

    def __init__(
        self,
        table: ExecutorTable,
        engine: Engine,
        timers: TimersHeld,
        executor: str,
        clock: Clock,
        every: timedelta = BEAT,
    ) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._beat = lambda: beat(table, engine, timers, executor, clock.now())
        self._every_s = every.total_seconds()
        self._ended = threading.Event()
        table.beat(executor, clock.now())

    def run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                dead = self._beat()
            except Exception:  # the database may be away for a while: the next beat tries again
                log.exception("no beat")
                continue
            if dead:
                log.warning("their work was given to others: %s", ", ".join(sorted(dead)))

    def stop(self) -> None:
        self._ended.set()
        self.join()
