"""On which days banks settle: TARGET, the calendar of the European Central Bank."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, financial_holidays

SATURDAY = 5


@lru_cache(maxsize=8)
def _closed(year: int) -> HolidayBase:
    return financial_holidays("ECB", years=year)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _closed(day.year)


def next_working_day(day: date) -> date:
    """The first one after `day`: when the money of that business date is due (services/T-9)."""
    following = day + timedelta(days=1)
    while not is_working_day(following):
        following += timedelta(days=1)
    return following
