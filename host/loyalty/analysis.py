"""What the merchant sees: turnover, visits, baskets, hours, frequency, and lists of clients (services/L-9 to L-11).

Whatever the range of dates, only sums by hour and by day are read, never the visits themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from host.database import Work
from host.loyalty.client_store import read_client
from host.loyalty.model import NOTHING, Client, Range
from host.loyalty.parts import Parts
from host.loyalty.rules import GAPS
from host.loyalty.states import GONE, State
from host.loyalty.tables import census, clients, gaps, hours
from host.money import Money

INACTIVE = timedelta(days=90)
BUCKETS = len(GAPS) + 2
PAGE = 500


@dataclass(frozen=True)
class Figures:
    """Of a day, or of a range. Returns are in the turnover of the day on which they were."""

    visits: int = 0
    turnover: Money = NOTHING
    member_visits: int = 0
    member_turnover: Money = NOTHING
    enrolments: int = 0

    @property
    def average_basket(self) -> Money:
        return self.turnover.share(1, self.visits) if self.visits > 0 else NOTHING

    @property
    def members_percent(self) -> float:
        """Of the visits."""
        return 100 * self.member_visits / self.visits if self.visits > 0 else 0.0


@dataclass(frozen=True)
class Overview:
    """`days` has those on which something was; `members` are there now, `waiting` have not confirmed their number."""

    whole: Figures
    days: dict[date, Figures]
    members: int
    waiting: int


class ClientList(StrEnum):
    BEST = "best"  # by turnover, members or not
    MEMBERS = "members"  # the latest first
    INACTIVE = "inactive"  # were here, and not for ninety days; the longest first


class Analysis:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def overview(self, dates: Range) -> Overview:
        sums = [func.sum(column) for column in SUMMED]
        by_day = select(hours.c.day, *sums).where(_within(hours.c.day, dates)).group_by(hours.c.day)
        whole = select(*sums).where(_within(hours.c.day, dates))
        with self._store.transaction() as work:
            days = {row[0]: _figures(row[1:]) for row in work.execute(by_day.order_by(hours.c.day))}
            total = _figures(work.execute(whole).one())
            members, waiting = self._count(work, State.MEMBER), self._count(work, State.JOINED)
        return Overview(total, days, members, waiting)

    def traffic(self, dates: Range) -> list[list[int]]:
        """Visits by weekday, Monday first, and local hour: seven rows of 24."""
        heat = [[0] * 24 for _ in range(7)]
        counted = select(hours.c.day, hours.c.hour, hours.c.visits).where(_within(hours.c.day, dates))
        with self._store.transaction() as work:
            for day, hour, visits in work.execute(counted):
                heat[day.weekday()][hour] += visits
        return heat

    def frequency(self, dates: Range) -> list[int]:
        """Visits by the time since the client's visit before: the first one, then up to each of rules.GAPS days, then
        longer."""
        found = [0] * BUCKETS
        counted = select(gaps.c.gap, func.sum(gaps.c.visits)).where(_within(gaps.c.day, dates)).group_by(gaps.c.gap)
        with self._store.transaction() as work:
            for gap, visits in work.execute(counted):
                found[gap] = int(visits)
        return found

    def clients(
        self, which: ClientList, limit: int = 50, offset: int = 0, states: Collection[State] | None = None
    ) -> list[Client]:
        """Each with its average basket, visits and rewards (services/L-9). Nothing here says who it is. `states`: of
        those alone."""
        where, order = self._chosen(which)
        if states is not None:
            where = where & clients.c.state.in_(sorted(states))
        wanted = select(clients).where(where).order_by(*order).limit(limit).offset(offset)
        with self._store.transaction() as work:
            return [read_client(row) for row in work.execute(wanted)]

    def _chosen(self, which: ClientList) -> tuple[ColumnElement[bool], Sequence[ColumnElement]]:
        seen = clients.c.state.not_in(sorted(GONE))  # said so that it is the order that an index is chosen for
        if which is ClientList.BEST:
            return seen, [clients.c.turnover_minor.desc(), clients.c.id.desc()]
        if which is ClientList.MEMBERS:
            here = clients.c.joined_at.is_not(None) & clients.c.state.not_in(sorted(GONE))
            return here, [clients.c.joined_at.desc(), clients.c.id.desc()]
        silent = clients.c.last_visit_at < self._parts.now() - INACTIVE
        return seen & silent, [clients.c.last_visit_at, clients.c.id]

    def _count(self, work: Work, state: State) -> int:
        return work.scalar(select(census.c.clients).where(census.c.state == state)) or 0


SUMMED = (
    hours.c.visits,
    hours.c.turnover_minor,
    hours.c.member_visits,
    hours.c.member_turnover_minor,
    hours.c.enrolments,
)


def _within(day: ColumnElement, dates: Range) -> ColumnElement[bool]:
    return (day >= dates.first) & (day <= dates.last)


def _figures(sums: Sequence[int | None]) -> Figures:
    visits, turnover, member_visits, member_turnover, enrolments = (int(count or 0) for count in sums)
    return Figures(visits, Money(turnover), member_visits, Money(member_turnover), enrolments)
