"""What the till's disk in the simulation has after a power cut: what a commit waited for, and what is old enough."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from host.database import Database
from tools.simulation import virtual_time
from tools.simulation.disk import DiskDatabase, Medium
from tools.simulation.faults import ByChance
from tools.simulation.life import Life


async def left_after_a_power_cut(synchronous: str) -> list[str]:
    disk = Database("sqlite://")
    with disk.engine.connect() as connection:
        for statement in ("CREATE TABLE sale (name TEXT)", f"PRAGMA synchronous={synchronous}"):
            connection.exec_driver_sql(statement)
    medium = Medium(disk)
    database = DiskDatabase(medium, Life("till"), ByChance(Random(1), ()), lambda: None)
    for name, later_s in (("old", 40), ("young", 29), ("new", 1)):
        with database.transaction() as work:
            work.exec_driver_sql("INSERT INTO sale VALUES (?)", (name,))
        await asyncio.sleep(later_s)
    medium.power_was_cut()
    with database.transaction() as work:
        return list(work.exec_driver_sql("SELECT name FROM sale").scalars())


@pytest.mark.parametrize(
    ("synchronous", "left"), [("FULL", ["old", "young", "new"]), ("NORMAL", ["old"]), ("OFF", ["old"])]
)
def test_what_no_commit_waited_for_goes_with_the_power(synchronous: str, left: list[str]) -> None:
    assert virtual_time.run(left_after_a_power_cut(synchronous)) == left
