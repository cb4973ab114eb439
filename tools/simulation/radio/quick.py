"""Time that passes SPEED times as fast, alike in each process: a deadline of ten seconds is over after one."""

from __future__ import annotations

import asyncio
import selectors
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SPEED = 10


def seconds() -> float:
    """Of quick time, since the machine was started."""
    return time.monotonic() * SPEED


class _Hurried(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / SPEED if timeout else timeout)


class QuickLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__(_Hurried())

    def time(self) -> float:
        return seconds()


@dataclass(frozen=True)
class Moment:
    """It was `epoch` at that second of quick time; equal in all processes that are told it."""

    epoch: datetime
    at_s: float

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=seconds() - self.at_s)

    def later(self, by_s: float) -> Moment:
        return replace(self, epoch=self.epoch + timedelta(seconds=by_s))


class QuickClock:
    """The host's Clock, set by whoever has it."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment.now()


def unheeded(_family: str) -> None:
    """Faults are counted in one process only."""
