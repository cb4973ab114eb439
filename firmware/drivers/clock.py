"""The only source of now in the reader."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    def now(self) -> tuple[int, int, int, int, int, int]:
        """Local time: year, month, day, hour, minute, second."""
        ...

    def ticks_ms(self) -> int:
        """Milliseconds from an arbitrary start, never going back (wraps like time.ticks_ms)."""
        ...

    def ticks_us(self) -> int:
        """The same in microseconds (wraps like time.ticks_us): for what is measured, not for what is waited for."""
        ...
