"""Local time as a count, so that two times can be compared: the clock's tuple, or a result's taken_at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware.drivers.clock import Clock


def seconds(clock: tuple[int, ...]) -> int:
    """Of (year, month, day, hour, minute, second), in the calendar of today; where it begins is no matter."""
    year, month, day, hour, minute, second = clock
    if month < 3:  # the year begins in March, so that its last day is the one that may be missing
        year, month = year - 1, month + 12
    days = day + (153 * (month - 3) + 2) // 5 + 365 * year + year // 4 - year // 100 + year // 400
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def taken_at(clock: Clock) -> str:
    """Now, YYYYMMDDhhmmss."""
    return "%04d%02d%02d%02d%02d%02d" % clock.now()


def clock_of(taken_at: str) -> tuple[int, ...]:
    """YYYYMMDDhhmmss as the clock says it."""
    return (int(taken_at[:4]),) + tuple([int(taken_at[at : at + 2]) for at in range(4, 14, 2)])
