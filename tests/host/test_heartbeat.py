"""Executors that beat, the one that leads, and what it does for the dead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from host.database import Database
from host.jobs.executors import BEAT, DEAD_AFTER, ExecutorTable
from host.jobs.heartbeat import beat

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Engine:
    """An engine that remembers whose work it was told to give away; also the timers' holder."""

    at_work: set[str] = field(default_factory=set)
    recovered: list[list[str]] = field(default_factory=list)
    released: list[str | None] = field(default_factory=list)

    def holders(self) -> set[str]:
        return self.at_work

    def recover(self, executors: Iterable[str]) -> None:
        self.recovered.append(sorted(executors))

    def release(self, holder: str | None = None) -> None:
        self.released.append(holder)


def test_one_leads_until_it_falls_silent(database: Database) -> None:
    table = ExecutorTable(database)
    assert table.leads("one", NOW)
    assert not table.leads("two", NOW + DEAD_AFTER - SECOND)
    assert table.leads("one", NOW + DEAD_AFTER - SECOND)
    assert not table.leads("two", NOW + DEAD_AFTER)
    assert table.leads("two", NOW + 2 * DEAD_AFTER - SECOND)
    assert not table.leads("one", NOW + 2 * DEAD_AFTER)


@pytest.mark.covers("services/SC-7")
def test_the_leader_gives_away_what_the_silent_had_in_hand(database: Database) -> None:
    table, engine = ExecutorTable(database), Engine()
    assert beat(table, engine, engine, "leader", NOW) == set()
    beat(table, engine, engine, "dead", NOW)
    assert beat(table, engine, engine, "leader", NOW + DEAD_AFTER - SECOND) == set()
    assert beat(table, engine, engine, "leader", NOW + DEAD_AFTER) == {"dead"}
    assert (engine.recovered, engine.released) == ([["dead"]], ["dead"])
    assert beat(table, engine, engine, "leader", NOW + DEAD_AFTER + BEAT) == set()


@pytest.mark.covers("services/SC-7")
def test_work_in_the_hand_of_one_that_never_beat_is_swept_up(database: Database) -> None:
    table, engine = ExecutorTable(database), Engine(at_work={"leader", "nobody"})
    assert beat(table, engine, engine, "leader", NOW) == {"nobody"}


def test_who_does_not_lead_buries_nobody(database: Database) -> None:
    table, engine = ExecutorTable(database), Engine(at_work={"nobody"})
    assert table.leads("leader", NOW)
    assert beat(table, engine, engine, "follower", NOW) == set()
    assert engine.recovered == []


def test_the_dead_that_beats_again_is_not_buried(database: Database) -> None:
    table = ExecutorTable(database)
    table.beat("slow", NOW)
    assert table.dead(NOW + DEAD_AFTER) == ["slow"]
    table.beat("slow", NOW + DEAD_AFTER)
    table.bury("slow", NOW + DEAD_AFTER)
    assert table.living(NOW + DEAD_AFTER) == ["slow"]


@pytest.mark.covers("faults/R-13")
def test_a_clock_that_was_two_days_ahead_neither_keeps_the_lead_nor_a_dead_executor_alive(database: Database) -> None:
    table, ahead = ExecutorTable(database), NOW + timedelta(days=2)
    assert table.leads("ahead", ahead)
    table.beat("ahead", ahead)
    assert table.leads("right", NOW)
    assert (table.dead(NOW), table.living(NOW)) == (["ahead"], [])
