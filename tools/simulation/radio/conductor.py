"""Lets time jump to the next moment that somebody waits for, when nobody runs.

A thread waits when proc(5) says that it sleeps, and it waited at the moment between two looks when it has not run
since the first: what one sends to another on this machine wakes the other before the send returns.
"""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable
from math import inf

from tools.simulation.radio.shared_time import SLOW, SharedLoop, jump, seconds, wanted, wants

LOOK_S = (0.001, 0.032)  # between two looks at first, and at most: who works is not to be disturbed
LEAST_S = 0.0005  # that is worth a jump
STUCK_S = 300  # on the wall without a jump: somebody works for ever, and is not waited for
_FAR_S = 3600.0  # beyond all deadlines
_BEYOND_S = 0.001  # for clocks that count milliseconds

Threads = dict[str, bytes]  # how often each has gone to sleep, by its folder


class Conductor(selectors.DefaultSelector):
    """Of the loop of the process that drives the others: it is asked to wait when there is nothing to do here."""

    def __init__(self) -> None:
        super().__init__()
        self._others: dict[str, tuple[int, Callable[[], object]]] = {}
        self._woken: dict[str, float] = {}  # for which moment, at last
        self._held_until = 0.0  # on the wall
        self._jumped_at = time.monotonic()

    def enters(self, place: str, pid: int, wake: Callable[[], object]) -> None:
        wants(inf, place)
        self._others[place] = (pid, wake)

    def leaves(self, place: str) -> None:
        self._others.pop(place, None)
        wants(inf, place)

    def hold(self, for_s: float) -> None:
        """No jump for so long: what happens meanwhile happens in the middle of something."""
        self._held_until = time.monotonic() + for_s

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        until = inf if timeout is None else seconds() + timeout
        ready = super().select(0)
        look_s, slowest_s = LOOK_S
        while not ready and (left_s := until - seconds()) > 0:
            ready = super().select(min(left_s * SLOW, look_s))
            if not ready and not self._jump(until):
                look_s = min(look_s * 2, slowest_s)
        return ready

    def _jump(self, until: float) -> bool:
        if time.monotonic() - self._jumped_at > STUCK_S:
            return self._pass(_FAR_S)
        if _left_s(until) < LEAST_S:
            return self._wake_due()
        if time.monotonic() < self._held_until or not self._all_wait() or super().select(0):
            return False  # lastly: who sleeps now may have told us something since we looked
        return self._pass(_left_s(until))  # asked again: until when they sleep now

    def _pass(self, for_s: float) -> bool:
        if LEAST_S <= for_s < inf:
            self._jumped_at = time.monotonic()
            jump(for_s + _BEYOND_S)
        return self._wake_due()

    def _wake_due(self) -> bool:
        """Once for each moment: who lay down before a jump sleeps too long, also if its moment came without one."""
        due = {place: at_s for place, at_s in wanted().items() if place in self._others and -inf < at_s <= seconds()}
        late = [place for place, at_s in due.items() if self._woken.get(place) != at_s]
        for place in late:
            self._woken[place] = due[place]
            self._others[place][1]()
        return bool(late)

    def _all_wait(self) -> bool:
        before = self._asleep()
        return before is not None and before == self._asleep()

    def _asleep(self) -> Threads | None:
        """All threads but this one; None when one does not sleep: who came last works most, and is looked at first."""
        found: Threads = {}
        for pid in (*(pid for pid, _ in reversed(self._others.values())), os.getpid()):
            for thread in _threads(pid):
                if thread.endswith(f"/{os.getpid()}"):
                    continue
                switches = _switches(thread)
                if switches is None:
                    return None
                found[thread] = switches
        return found


def _left_s(until: float) -> float:
    """Until the first of all wants to go on."""
    return min(until, *wanted().values()) - seconds()


def _threads(pid: int) -> list[str]:
    folder = f"/proc/{pid}/task"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]
    except (FileNotFoundError, ProcessLookupError):  # it is gone
        return []


def _switches(thread: str) -> bytes | None:
    """None: it runs, or waits for the disk."""
    try:
        with open(f"{thread}/status", "rb", 0) as file:
            status = file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b"gone"
    state = status[status.index(b"State:\t") + 7]
    return status[status.index(b"voluntary") :] if state in b"SZX" else None


class DrivingLoop(SharedLoop):
    def __init__(self) -> None:
        self.conductor = Conductor()
        super().__init__(self.conductor)
