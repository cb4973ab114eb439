"""An event loop whose time jumps to the next timer when nothing is ready: a day passes as fast as it is computed."""

from __future__ import annotations

import asyncio
import selectors
from asyncio.events import Handle
from collections import deque
from collections.abc import Callable
from contextvars import Context
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop
from typing import Any

EPOCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_AT_ONCE_S = 1e-9  # timers so near to each other are due together
_MANY = 100  # timers


class Stuck(Exception):
    """Nothing is ready and no timer is set: nothing will ever happen again."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Waits for no file: waiting is letting the clock jump."""

    _ready: deque[Handle]
    _scheduled: list[Any]
    _timer_cancelled_count: int

    def __init__(self) -> None:
        self._now_s = 0.0
        super().__init__(selectors.SelectSelector())

    def time(self) -> float:
        return self._now_s

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Handle:
        handle = Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def _run_once(self) -> None:
        """As asyncio's own, in the same order, without what looks at files, threads and slow callbacks."""
        self._forget_cancelled()
        ready, scheduled = self._ready, self._scheduled
        if not ready:
            if not scheduled:
                raise Stuck
            self._now_s = max(self._now_s, scheduled[0].when())
        due_s = self._now_s + _AT_ONCE_S
        while scheduled and scheduled[0].when() < due_s:
            handle = heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _forget_cancelled(self) -> None:
        """Timers that nobody waits for: the next ones, and all of them when they are many."""
        scheduled = self._scheduled
        if len(scheduled) > _MANY and self._timer_cancelled_count > len(scheduled) / 2:
            self._scheduled = [handle for handle in scheduled if not handle.cancelled()]
            heapify(self._scheduled)
            self._timer_cancelled_count = 0
        while self._scheduled and self._scheduled[0].cancelled():
            self._timer_cancelled_count -= 1
            heappop(self._scheduled)


class VirtualClock:
    """The host's Clock (host/clock.py). `shift` is by how much it was set wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch: datetime = EPOCH) -> None:
        self._loop = loop
        self.epoch = epoch
        self.shift = timedelta()

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=self._loop.time()) + self.shift
