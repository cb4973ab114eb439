"""When a contract's day closes, and when a remittance is tried again.

A business day is from one cut-off to the next and bears the local date on which it closes: with a cut-off at 22:00 a
sale at 23:59 and one at 00:01 are both of the date of the evening after; with one at 02:30 the night's sales are of the
date of the morning. A cut-off that comes twice when the clocks go back counts once, the first time; one that the clocks
jump over in spring comes as long after midnight as ever, an hour later by the new time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from host.telecollection.model import Contract

LONGEST_PAUSE = timedelta(minutes=30)


def cut_off_on(contract: Contract, day: date) -> datetime:
    """The moment, in UTC, at which the business day `day` closes."""
    return datetime.combine(day, contract.cut_off, ZoneInfo(contract.zone)).astimezone(UTC)  # fold 0: the first


def business_date(contract: Contract, moment: datetime) -> date:
    """Of what is closed at that moment: the date of the cut-off that comes, or is there."""
    day = moment.astimezone(ZoneInfo(contract.zone)).date() - timedelta(days=1)
    while cut_off_on(contract, day) < moment:
        day += timedelta(days=1)
    return day


def next_cut_off(contract: Contract, after: datetime) -> datetime:
    """The first one later than `after`."""
    return cut_off_on(contract, business_date(contract, after + timedelta(microseconds=1)))


def last_cut_off(contract: Contract, now: datetime) -> datetime:
    """The latest one that is not later than `now`."""
    day = business_date(contract, now)
    due = cut_off_on(contract, day)
    return due if due == now else cut_off_on(contract, day - timedelta(days=1))


def evening(contract: Contract, now: datetime) -> date:
    """Of the cut-off that was last: alerts grow by it."""
    return business_date(contract, last_cut_off(contract, now))


def next_try(contract: Contract, attempts: int, now: datetime) -> datetime:
    """After so many in vain: 1, 2, 4 ... 30 minutes, but never past the next cut-off (services/A-19)."""
    pause = min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)
    return min(now + pause, next_cut_off(contract, now))
