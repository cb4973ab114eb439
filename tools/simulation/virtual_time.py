"""An event loop whose time jumps to the next timer when nothing is ready: a day passes as fast as it is computed."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
EPOCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Stuck(Exception):
    """Nothing is ready and no timer is set: nothing will ever happen again."""


class _Nothing(selectors.SelectSelector):
    """Waits for no file: waiting is letting the clock jump."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.now_s += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._nothing = _Nothing()
        super().__init__(self._nothing)

    def time(self) -> float:
        return self._nothing.now_s


def run(story: Coroutine[Any, Any, T]) -> T:
    """What it gives, as asyncio.run does. It waits for no file, socket or thread."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)


class VirtualClock:
    """The host's Clock (host/clock.py). `shift` is by how much it was set wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch: datetime = EPOCH) -> None:
        self._loop = loop
        self.epoch = epoch
        self.shift = timedelta()

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=self._loop.time()) + self.shift
