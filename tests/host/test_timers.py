"""Timers: rows that come due, each to one process at a time, again after a back-off when nothing came of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from host.database import Database
from host.jobs.timers import HELD_FOR, LOOK_AFTER, TURN_S, TimerTable, back_off, timers

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def set_timer(database: Database, key: str = "1", due_at: datetime = NOW, kind: str = "reversal") -> None:
    with database.transaction() as work:
        TimerTable(database).set(work, kind, key, due_at)


def kept(database: Database, holder: str = "local") -> tuple[TimerTable, list[str]]:
    """A table of timers whose handler leaves them as they are, and the keys that it was given."""
    table, seen = TimerTable(database, holder), []

    async def handler(key: str) -> None:
        seen.append(key)

    table.handle("reversal", handler)
    return table, seen


@pytest.mark.covers("services/SC-3", "services/SC-6")
def test_what_is_due_is_handled_in_order_and_nothing_before_its_time(database: Database) -> None:
    table, seen = kept(database)
    for key, after in (("c", 0), ("a", -1), ("b", -1), ("later", 1)):
        set_timer(database, key, NOW + after * SECOND)
    set_timer(database, "nobody", kind="of another process")
    assert asyncio.run(table.run_due(NOW)) == 3
    assert seen == ["a", "b", "c"]


@pytest.mark.covers("faults/R-13")
def test_what_was_set_by_a_clock_that_was_ahead_is_due_when_the_clock_is_right(database: Database) -> None:
    table, seen = kept(database)
    set_timer(database, "wrong", NOW + timedelta(days=2))
    set_timer(database, "right", NOW + timedelta(hours=1))
    assert asyncio.run(table.run_due(NOW)) == 0
    table.bring_back(NOW, {"reversal": timedelta(hours=1)})
    assert table.may_be_due(NOW)
    assert asyncio.run(table.run_due(NOW)) == 1
    assert seen == ["wrong"]


def test_nobody_looks_before_something_can_be_due(database: Database) -> None:
    table, _ = kept(database)
    assert table.may_be_due(NOW)  # nothing is known yet
    assert asyncio.run(table.run_due(NOW)) == 0
    assert not table.may_be_due(NOW + SECOND)
    assert table.may_be_due(NOW + LOOK_AFTER)  # another process may have set one,
    assert table.may_be_due(NOW - LOOK_AFTER)  # or somebody the clock
    with database.transaction() as work:
        table.set(work, "reversal", "1", NOW + 5 * SECOND)
        table.set(work, "reversal", "2", NOW + 9 * SECOND)
    assert [table.may_be_due(NOW + n * SECOND) for n in (4, 5)] == [False, True]
    assert asyncio.run(table.run_due(NOW + 5 * SECOND)) == 1
    assert [table.may_be_due(NOW + n * SECOND) for n in (8, 9)] == [False, True]
    table.release()
    assert table.may_be_due(NOW + 6 * SECOND)


def test_a_kind_that_is_slow_delays_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as reversals to an acquirer that is silent, and the evening's cut-off."""
    table, seen, now_s = TimerTable(database), [], [0.0]
    loop = SimpleNamespace(time=lambda: now_s[0])
    monkeypatch.setattr("host.jobs.timers.asyncio", SimpleNamespace(get_running_loop=lambda: loop))

    async def slow(key: str) -> None:
        seen.append(key)
        now_s[0] += TURN_S / 2

    async def quick(key: str) -> None:
        seen.append(key)

    table.handle("reversal", slow)
    table.handle("telecollection", quick)
    for key in "abcd":
        set_timer(database, key, NOW - SECOND)
    set_timer(database, "evening", kind="telecollection")
    assert asyncio.run(table.run_due(NOW)) == 3
    assert seen == ["a", "b", "evening"]
    assert asyncio.run(table.run_due(NOW)) == 2
    assert seen[3:] == ["c", "d"]


def test_the_scan_finds_what_is_due_by_an_index(database: Database) -> None:
    with database.transaction() as work:
        if work.dialect.name != "sqlite":
            pytest.skip("PostgreSQL reads a small table whole")
        plan = work.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM timer WHERE due_at <= 'x' ORDER BY due_at LIMIT 9"
        )
        assert "timer_due" in str(plan.all())


@pytest.mark.parametrize("raises", [False, True])
def test_a_timer_that_the_handler_leaves_comes_again_after_a_back_off(database: Database, raises: bool) -> None:
    table, seen = kept(database)
    if raises:

        async def fails(key: str) -> None:
            seen.append(key)
            raise OSError

        table.handle("reversal", fails)
    set_timer(database)
    due = NOW
    for attempt in range(1, 10):
        assert asyncio.run(table.run_due(due)) == 1
        assert asyncio.run(table.run_due(due + back_off(attempt) - SECOND)) == 0
        due += back_off(attempt)
    assert [back_off(n).total_seconds() for n in (1, 2, 3, 8, 99)] == [30, 60, 120, 3600, 3600]
    assert seen == ["1"] * 9


def test_a_handler_that_sets_or_clears_its_timer_has_the_last_word(database: Database) -> None:
    table = TimerTable(database)

    async def sets(key: str) -> None:
        with database.transaction() as work:
            table.set(work, "reversal", key, NOW + 5 * SECOND)

    async def clears(key: str) -> None:
        with database.transaction() as work:
            table.clear(work, "reversal", key)

    table.handle("reversal", sets)
    set_timer(database)
    assert [asyncio.run(table.run_due(NOW + n * SECOND)) for n in (0, 4)] == [1, 0]
    table.handle("reversal", clears)
    assert [asyncio.run(table.run_due(NOW + n * SECOND)) for n in (5, 99999)] == [1, 0]


def test_a_timer_set_in_a_transaction_that_fails_is_not_set(database: Database) -> None:
    table, _ = kept(database)

    def fails() -> None:
        with database.transaction() as work:
            table.set(work, "reversal", "1", NOW)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert asyncio.run(table.run_due(NOW)) == 0


@pytest.mark.covers("services/SC-6")
def test_two_processes_never_handle_a_timer_at_once(database: Database) -> None:
    """The other one looks while the first one's handler runs, and while it is about to."""
    first, other = TimerTable(database, "one"), TimerTable(database, "two")
    seen = []

    async def handler(key: str) -> None:
        seen.append(key)
        assert await other.run_due(NOW + SECOND) == 0

    first.handle("reversal", handler)
    other.handle("reversal", handler)
    set_timer(database)
    assert asyncio.run(first.run_due(NOW)) == 1
    assert seen == ["1"]


def test_of_two_that_saw_it_due_one_gets_it(database: Database) -> None:
    one, two = kept(database, "one"), kept(database, "two")
    set_timer(database)
    with database.transaction() as work:
        row = work.execute(timers.select()).one()  # both have read it before either holds it
    assert [asyncio.run(table.run(row, NOW)) for table, _ in (one, two)] == [True, False]
    assert (one[1], two[1]) == (["1"], [])


def test_what_a_dead_process_held_is_free_when_it_is_given_back_or_its_time_is_over(database: Database) -> None:
    class Killed(BaseException):
        pass

    async def dies(key: str) -> None:
        raise Killed

    dead, (living, seen) = TimerTable(database, "dead"), kept(database, "living")
    dead.handle("reversal", dies)
    for key in ("1", "2"):
        set_timer(database, key, NOW)
    with pytest.raises(Killed):
        asyncio.run(dead.run_due(NOW))
    assert asyncio.run(living.run_due(NOW)) == 1  # the other one
    with pytest.raises(Killed):
        asyncio.run(dead.run_due(NOW + HELD_FOR))
    living.release("dead")
    asyncio.run(living.run_due(NOW + HELD_FOR))
    assert seen[:2] == ["2", "1"]


@pytest.mark.covers("faults/R-13")
def test_a_clock_that_was_two_days_ahead_holds_no_timer(database: Database) -> None:
    """The process died in its handler before the clock was put right."""

    class Killed(BaseException):
        pass

    async def dies(key: str) -> None:
        raise Killed

    ahead, (table, seen) = TimerTable(database, "ahead"), kept(database)
    ahead.handle("reversal", dies)
    set_timer(database)
    with pytest.raises(Killed):
        asyncio.run(ahead.run_due(NOW + timedelta(days=2)))
    assert asyncio.run(table.run_due(NOW)) == 1
    assert seen == ["1"]


@pytest.mark.covers("faults/R-13")
@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2), timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_loses_no_timer_and_handles_none_twice(database: Database, jump: timedelta) -> None:
    timers_seen: list[str] = []
    table = TimerTable(database)

    async def once(key: str) -> None:
        timers_seen.append(key)
        with database.transaction() as work:
            table.clear(work, "reversal", key)

    table.handle("reversal", once)
    for hours in range(-3, 4):
        set_timer(database, str(hours), NOW + timedelta(hours=hours))
    for moment in (NOW, NOW + jump, NOW + timedelta(hours=3)):
        asyncio.run(table.run_due(moment))
    assert sorted(timers_seen, key=int) == [str(hours) for hours in range(-3, 4)]
