"""When offers may be sent: not by night, on Sundays or on public holidays.

French operators refuse marketing SMS from 22:00 to 8:00, on Sundays and on public holidays, as their gateways say in
their manuals. We stop at 20:00, as those who canvass by telephone must (decree 2022-1313); never before 8:00 or after
22:00, whatever is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

SUNDAY = 6
EARLIEST, LATEST = time(8), time(22)


@dataclass(frozen=True)
class Hours:
    """Local time in `zone`: offers leave from `opens` until before `closes`."""

    opens: time = time(8)
    closes: time = time(20)
    sundays: bool = False
    holidays: bool = False
    country: str = "FR"
    region: str | None = None  # "Alsace" and "Moselle" have two holidays more
    zone: str = "Europe/Paris"

    def __post_init__(self) -> None:
        if not EARLIEST <= self.opens < self.closes <= LATEST:
            raise ValueError("offers leave between 8:00 and 22:00")


@lru_cache(maxsize=8)
def _holidays(country: str, region: str | None, year: int) -> HolidayBase:
    return country_holidays(country, subdiv=region, years=year)


def is_open(hours: Hours, day: date) -> bool:
    if not hours.sundays and day.weekday() == SUNDAY:
        return False
    return hours.holidays or day not in _holidays(hours.country, hours.region, day.year)


def next_allowed(hours: Hours, moment: datetime) -> datetime:
    """The first moment, in UTC, not before `moment`, at which an offer may leave."""
    for opens, closes in _windows(hours, moment):
        if moment < closes:
            return max(moment, opens).astimezone(UTC)
    raise AssertionError("days do not end")


def _windows(hours: Hours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(hours.zone)
    day = moment.astimezone(zone).date()
    while True:
        if is_open(hours, day):
            yield datetime.combine(day, hours.opens, zone), datetime.combine(day, hours.closes, zone)
        day += timedelta(days=1)
