"""Ranges of dates as merchants choose them, and figures by day, week or month of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from host.loyalty.analysis import Figures
from host.loyalty.model import Range

DAY = timedelta(days=1)
LONGEST_BY_DAY, LONGEST_BY_WEEK = 45, 200


class Preset(StrEnum):
    TODAY = "today"
    WEEK = "week"  # seven days, today included
    MONTH = "month"  # thirty
    YEAR = "year"  # since the first of January
    OTHER = "other"


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """`first` is the first day of it that is of the range."""

    step: Step
    first: date
    figures: Figures


def chosen(preset: Preset, today: date) -> Range:
    firsts = {
        Preset.TODAY: today,
        Preset.WEEK: today - 6 * DAY,
        Preset.MONTH: today - 29 * DAY,
        Preset.YEAR: today.replace(month=1, day=1),
    }
    return Range(firsts[preset], today)


def length(dates: Range) -> int:
    """In days."""
    return (dates.last - dates.first).days + 1


def before(dates: Range) -> Range:
    """As many days, just before."""
    last = dates.first - DAY
    return Range(last - (dates.last - dates.first), last)


def step(dates: Range) -> Step:
    days = length(dates)
    return Step.DAY if days <= LONGEST_BY_DAY else Step.WEEK if days <= LONGEST_BY_WEEK else Step.MONTH


def spans(days: Mapping[date, Figures], dates: Range) -> list[Span]:
    """Every one of the range, also those on which nothing was."""
    by = step(dates)
    starts: dict[date, list[Figures]] = {}
    firsts: dict[date, date] = {}
    for day in _every(dates):
        start = _start(day, by)
        firsts.setdefault(start, day)
        starts.setdefault(start, []).append(days.get(day, Figures()))
    return [Span(by, firsts[start], together(figures)) for start, figures in starts.items()]


def together(figures: Iterable[Figures]) -> Figures:
    whole = Figures()
    for each in figures:
        whole = Figures(
            whole.visits + each.visits,
            whole.turnover + each.turnover,
            whole.member_visits + each.member_visits,
            whole.member_turnover + each.member_turnover,
            whole.enrolments + each.enrolments,
        )
    return whole


def _every(dates: Range) -> Iterator[date]:
    return (dates.first + count * DAY for count in range(length(dates)))


def _start(day: date, by: Step) -> date:
    if by is Step.WEEK:
        return day - day.weekday() * DAY
    return day if by is Step.DAY else day.replace(day=1)
