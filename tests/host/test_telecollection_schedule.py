"""When a day closes: clock changes, midnight, month end, 29 February; and on which day the money is due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.telecollection.calendar import is_working_day, next_working_day
from host.telecollection.model import Contract
from host.telecollection.schedule import business_date, cut_off_on, evening, last_cut_off, next_cut_off, next_try
from tests.host.telecollection_bench import Bench


def contract(cut_off: time, zone: str = "Europe/Paris") -> Contract:
    return Contract("C", "M", "A", cut_off, zone)


NIGHT = contract(time(2, 30))
EVENING = contract(time(22, 0))


@pytest.mark.covers("faults/R-09", "faults/R-13")
def test_a_cut_off_that_comes_twice_counts_once_and_one_that_never_comes_counts_too() -> None:
    back = [cut_off_on(NIGHT, date(2026, 10, day)) for day in (24, 25, 26)]
    assert [f"{due:%d %H:%M}" for due in back] == ["24 00:30", "25 00:30", "26 01:30"]  # the 25th has 25 hours
    assert next_cut_off(NIGHT, back[1]) == back[2]
    assert next_cut_off(NIGHT, back[1] + timedelta(minutes=59)) == back[2]
    on = [cut_off_on(NIGHT, date(2026, 3, day)) for day in (28, 29, 30)]
    assert [f"{due:%d %H:%M}" for due in on] == ["28 01:30", "29 01:30", "30 00:30"]  # 3:30 by the new time


@pytest.mark.covers("faults/R-09")
@pytest.mark.parametrize("minutes", range(-3, 4))
def test_midnight_sales_belong_to_the_day_that_closes_at_the_cut_off(minutes: int) -> None:
    midnight = datetime(2026, 11, 20, 23, 0, tzinfo=UTC) + timedelta(minutes=minutes)  # by the clock of Paris
    assert business_date(EVENING, midnight) == date(2026, 11, 21)
    assert business_date(NIGHT, midnight) == date(2026, 11, 21)
    after = 1 if minutes > 0 else 0
    assert business_date(contract(time(0, 0)), midnight) == date(2026, 11, 21 + after)


def test_the_moment_of_the_cut_off_is_of_the_day_that_it_closes() -> None:
    due = cut_off_on(EVENING, date(2026, 11, 20))
    assert business_date(EVENING, due) == date(2026, 11, 20)
    assert business_date(EVENING, due + timedelta(microseconds=1)) == date(2026, 11, 21)
    assert last_cut_off(EVENING, due) == due
    assert evening(EVENING, due - timedelta(seconds=1)) == date(2026, 11, 19)


@pytest.mark.covers("faults/R-13")
@pytest.mark.parametrize(("year", "month", "days"), [(2028, 2, 29), (2026, 2, 28), (2026, 12, 31), (2026, 11, 30)])
def test_every_date_closes_once_over_month_end_and_29_february(year: int, month: int, days: int) -> None:
    due = cut_off_on(EVENING, date(year, month, 1))
    dates = []
    while due < cut_off_on(EVENING, date(year, month, days)) + timedelta(days=2):
        dates.append(business_date(EVENING, due))
        due = next_cut_off(EVENING, due)
    assert len(dates) == len(set(dates)) == days + 1
    assert date(year, month, days) in dates


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["Europe/Paris", "Europe/Brussels", "America/Martinique", "Pacific/Tahiti", "Asia/Kathmandu"]),
)
def test_cut_offs_are_one_a_date_and_rise(moment: datetime, at: time, zone: str) -> None:
    mine, now = contract(at, zone), moment.replace(tzinfo=UTC)
    due = next_cut_off(mine, now)
    assert now < due <= now + timedelta(hours=26)
    assert last_cut_off(mine, due) == due
    assert last_cut_off(mine, now) <= now
    assert next_cut_off(mine, due) > due
    assert business_date(mine, next_cut_off(mine, due)) == business_date(mine, due) + timedelta(days=1)


def test_a_pause_is_never_longer_than_to_the_next_cut_off() -> None:
    due = cut_off_on(EVENING, date(2026, 11, 20))
    assert next_try(EVENING, 1, due) == due + timedelta(minutes=1)
    assert next_try(EVENING, 100, due) == due + timedelta(minutes=30)
    assert next_try(EVENING, 100, due - timedelta(minutes=2)) == due


@pytest.mark.covers("services/T-9")
@pytest.mark.parametrize(
    ("business", "due"),
    [
        (date(2026, 11, 20), date(2026, 11, 23)),  # a Friday
        (date(2026, 4, 2), date(2026, 4, 7)),  # Maundy Thursday: Good Friday and Easter Monday are closed
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2026, 4, 30), date(2026, 5, 4)),
        (date(2026, 7, 13), date(2026, 7, 14)),  # a French holiday is none of TARGET's
        (date(2028, 2, 28), date(2028, 2, 29)),
    ],
)
def test_money_is_due_on_the_next_working_day_of_target(business: date, due: date) -> None:
    assert next_working_day(business) == due


def test_a_weekend_is_no_working_day() -> None:
    assert [is_working_day(date(2026, 11, day)) for day in (20, 21, 22, 23)] == [True, False, False, True]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, cut_off=time(2, 30), start=datetime(2026, 10, 23, 12, 0, tzinfo=UTC))
    yield bench
    bench.close()


@pytest.mark.covers("faults/R-09", "services/SC-6")
def test_on_the_night_when_the_clocks_go_back_the_day_is_collected_once(night: Bench) -> None:
    async def story() -> None:
        for _ in range(4):
            night.sale()
            await night.evening()
        assert [row.business_date.day for row in night.history()] == [24, 25, 26, 27]
        assert {row.sequence for row in night.history()} == {1}
        assert [row.count for row in night.history()] == [1, 1, 1, 1]

    asyncio.run(story())


@pytest.mark.covers("faults/R-09")
def test_on_the_night_when_the_hour_does_not_exist_the_day_is_collected(tmp_path: Path) -> None:
    async def story() -> None:
        bench = Bench(tmp_path, cut_off=time(2, 30), start=datetime(2027, 3, 26, 12, 0, tzinfo=UTC))
        for _ in range(3):
            bench.sale()
            await bench.evening()
        assert [row.business_date.day for row in bench.history()] == [27, 28, 29]
        assert [row.count for row in bench.history()] == [1, 1, 1]
        bench.close()

    asyncio.run(story())
