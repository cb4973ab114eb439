"""Time that the processes of one shop share: slow while one of them works, and it jumps when all wait (conductor.py).

A file holds, as doubles, by how many seconds it has jumped, and when the process of each place wants to go on. Whose
moment has come by a jump is woken by WAKE.
"""

from __future__ import annotations

import asyncio
import mmap
import selectors
import signal
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

PLACES = ("jumped", "radio", "bank", "till", "reader")
WAKE = signal.SIGUSR1
SLOW = 10  # times slower than on the wall: on a busy machine, too, work is done before a deadline
NOW = -inf  # wanted by who does not want time to jump
AHEAD_S = 1e7  # of the wall: MicroPython's scheduler takes from there what "now" is, and must not find it in the future

_cells = memoryview(bytearray(8 * len(PLACES))).cast("d")
_place = 0
_held_until = 0.0


def make(path: Path) -> None:
    path.write_bytes(bytes(memoryview(bytearray(8 * len(PLACES)))))
    join(path)
    jump(AHEAD_S)
    for place in PLACES[1:]:
        wants(inf, place)


def join(path: Path, place: str = "") -> None:
    """This process has that place from now on."""
    global _cells, _place
    with path.open("r+b") as file:
        _cells = memoryview(mmap.mmap(file.fileno(), 0)).cast("d")
    _place = PLACES.index(place) if place else 0


def seconds() -> float:
    """Since some moment; alike in all processes."""
    return time.monotonic() / SLOW + _cells[0]


def jump(by_s: float) -> None:
    _cells[0] += by_s


def wants(at_s: float, place: str = "") -> None:
    """To go on then; inf: when something happens."""
    _cells[PLACES.index(place) if place else _place] = at_s


def wanted() -> dict[str, float]:
    return dict(zip(PLACES[1:], _cells[1:], strict=True))


def hold(for_s: float) -> None:
    """No jump for so long on the wall, or until it is held for no time, whatever else this loop waits for."""
    global _held_until
    _held_until = time.monotonic() + for_s
    asyncio.get_running_loop().call_later(for_s / SLOW, lambda: None)


class _Saying(selectors.DefaultSelector):
    """Says before it waits until when."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if time.monotonic() < _held_until:
            wants(NOW)
        elif timeout is None:
            wants(inf)
        elif timeout > 0:
            wants(seconds() + timeout)
        return super().select(timeout * SLOW if timeout else timeout)


class SharedLoop(asyncio.SelectorEventLoop):
    """Of a process that has joined."""

    def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
        super().__init__(selector or _Saying())
        self.add_signal_handler(WAKE, lambda: None)

    def time(self) -> float:
        return seconds()


@dataclass(frozen=True)
class Moment:
    """It was `epoch` at that second of shared time; equal in all processes that are told it."""

    epoch: datetime
    at_s: float

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=seconds() - self.at_s)

    def later(self, by_s: float) -> Moment:
        return replace(self, epoch=self.epoch + timedelta(seconds=by_s))


class SharedClock:
    """The host's Clock, set by whoever has it."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment.now()


def unheeded(_family: str) -> None:
    """Faults are counted in one process only."""
