"""Timers in shards: few workflows for many merchants, of which one that fails stops no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from host.database import Database
from host.jobs import shards
from host.jobs.inline import InlineJobs, Kept
from host.jobs.shards import LATE, Shard, ShardedTimers, plans
from host.jobs.timers import SLOT, back_off, slot_of, timers

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
SHARD, PART = 50, 10
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of what is shipped: 500 and 100."""
    assert (shards.SHARD, shards.PART) == (500, 100)
    monkeypatch.setattr(shards, "SHARD", SHARD)
    monkeypatch.setattr(shards, "PART", PART)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


class Crash(BaseException):
    pass


class Evening:
    """Contracts whose timers are due; `handled` counts, by contract, how often it was collected."""

    def __init__(self, database: Database, failing: set[str] = frozenset(), crash_after: int = 0) -> None:
        self.database = database
        self.clock = Hand()
        self.failing = failing
        self.crash_after = crash_after
        self.handled: Counter[str] = Counter()
        self.kept = Kept()
        self.live()

    def live(self) -> None:
        """This host's first life, or the next."""
        self.jobs = InlineJobs(self.kept)
        self.timers = ShardedTimers(self.database, self.jobs, self.clock, {"cut_off"})
        self.timers.handle("cut_off", self.collect)

    def due(self, count: int, lane: str = "acquirer", at: datetime = NOW) -> None:
        with self.database.transaction() as work:
            for number in range(count):
                self.timers.set(work, "cut_off", f"{lane} {number}", at, lane)

    async def collect(self, contract: str) -> None:
        self.handled[contract] += 1
        if contract in self.failing:
            raise OSError(contract)
        if self.crash_after and self.handled.total() == self.crash_after:
            self.crash_after = 0
            raise Crash
        with self.database.transaction() as work:
            self.timers.set(work, "cut_off", contract, TOMORROW, contract.rpartition(" ")[0])

    def run_due(self) -> int:
        return asyncio.run(self.timers.run_due(self.clock.moment))


@pytest.mark.covers("services/SC-1")
def test_a_slot_is_a_workflow_for_each_so_many_of_an_acquirer(database: Database) -> None:
    evening = Evening(database)
    evening.due(120, "one")
    evening.due(3, "other", NOW - timedelta(minutes=4))
    evening.due(2, "later", NOW + timedelta(seconds=1))
    begun: Counter[str] = Counter()
    run = evening.jobs._workflows["shard cut_off"]

    async def counted(key: str, steps: object) -> None:
        await run(key, steps)  # pyright: ignore[reportArgumentType]
        begun[key.rpartition("/")[2]] += 1

    evening.jobs.register("shard cut_off", counted)
    assert evening.run_due() == 4
    assert begun == {"one": 3, "other": 1}
    assert evening.handled.total() == 123 and set(evening.handled.values()) == {1}
    assert evening.run_due() == 0
    evening.clock.moment = NOW + SLOT
    assert evening.run_due() == 1
    assert evening.handled.total() == 125


@pytest.mark.covers("services/SC-1")
def test_shards_are_about_even_and_each_contract_is_in_one(database: Database) -> None:
    evening = Evening(database)
    evening.due(400)
    asyncio.run(evening.timers.run_due(NOW - timedelta(seconds=1)))
    evening.timers._plan("cut_off", NOW)
    with database.transaction() as work:
        (plan,) = work.execute(select(plans)).all()
    assert (plan.shards, plan.slot) == (400 // SHARD, NOW)
    sizes = []
    for number in range(plan.shards):
        before = evening.handled.total()
        shard = Shard("cut_off", "acquirer", NOW, number, plan.shards)
        assert Shard.read("cut_off", shard.key) == shard
        asyncio.run(evening.jobs.start("shard cut_off", shard.key))
        sizes.append(evening.handled.total() - before)
    assert sum(sizes) == 400
    assert max(sizes) < SHARD * 1.4


@pytest.mark.covers("services/TC-3")
def test_a_merchant_that_fails_leaves_its_shard_and_comes_again_by_its_own_timer(database: Database) -> None:
    evening = Evening(database, failing={"acquirer 7"})
    evening.due(PART + 5)
    evening.run_due()
    assert evening.handled.total() == PART + 5 and set(evening.handled.values()) == {1}
    with database.transaction() as work:
        left = work.execute(select(timers).where(timers.c.due_at < TOMORROW)).all()
    assert [(row.key, row.due_at, row.attempts) for row in left] == [("acquirer 7", NOW + back_off(1), 1)]
    evening.failing = set()
    evening.clock.moment = NOW + SLOT
    evening.run_due()
    assert evening.handled["acquirer 7"] == 2 and evening.handled.total() == PART + 6


@pytest.mark.covers("services/TC-2", "services/TC-3")
def test_after_a_crash_the_shard_goes_on_with_those_that_are_left(database: Database) -> None:
    evening = Evening(database, crash_after=13)
    evening.due(30)
    with pytest.raises(Crash):
        evening.run_due()
    evening.live()
    evening.timers.release()
    asyncio.run(evening.jobs.resume())
    evening.run_due()
    assert len(evening.handled) == 30
    assert evening.handled.total() == 31, "the one in flight twice"


def test_a_crash_before_every_shard_is_started_loses_none(database: Database) -> None:
    evening = Evening(database)
    evening.due(SHARD + 1)
    evening.timers._plan("cut_off", NOW)
    evening.due(1, "other")  # and what comes later does not change how many shards there are
    evening.run_due()
    assert evening.handled.total() == SHARD + 2


def test_what_fell_out_of_its_shard_joins_a_later_slot(database: Database) -> None:
    evening = Evening(database)
    evening.run_due()
    evening.due(1)
    evening.run_due()
    evening.due(1)  # set again for a slot that has had its shards
    evening.run_due()
    assert evening.handled.total() == 1
    evening.clock.moment = NOW + LATE
    evening.run_due()
    evening.clock.moment = slot_of(NOW + LATE + SLOT)
    evening.run_due()
    assert evening.handled.total() == 2


def test_the_members_of_a_shard_are_found_by_an_index(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    database.migrate()
    where = "kind = 'k' AND lane = 'l' AND slot = 's' AND spread >= 0 AND spread < 9"
    with database.transaction() as work:
        plan = work.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM timer WHERE {where}")).all()
    database.close()
    assert "timer_shard" in str(plan)
