"""Executors as processes of their own, and kill -9: what a dead one had in hand is finished, by another or by its next
life, and no step that had ended runs again."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from host.clock import SystemClock
from host.database import Database
from host.jobs.executors import BEAT, DEAD_AFTER, ExecutorTable
from tests.support.executor_process import TABLE
from tests.support.postgresql import PostgreSQL

QUICK = (0.5, 3.0)  # s between beats, s until dead
SHIPPED = (BEAT.total_seconds(), DEAD_AFTER.total_seconds())
DEADLINE_S = 60
# Before and after the effect of a step, between two steps; the fourth waits in the queue, for three run at once.
STOPS = ("1=one:before", "2=two:after", "3=one:between")
KEYS = ("1", "2", "3", "4")


class Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin and process.stdout
        self.process, self.input, self.output = process, process.stdin, process.stdout

    def start(self, *keys: str) -> None:
        self.input.writelines(f"{key}\n".encode() for key in keys)

    async def says(self, *lines: str) -> None:
        """Each of them, in whatever order."""
        wanted = set(lines)
        async with asyncio.timeout(DEADLINE_S):
            while wanted:
                line = (await self.output.readline()).decode().strip()
                assert line, "the executor ended"
                wanted.discard(line)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def executor(
    url: str, jobs_url: str, name: str, *stops: str, pace: tuple[float, float] = QUICK
) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "tests.support.executor_process", url, jobs_url, name, *map(str, pace), *stops]
    pipe = asyncio.subprocess.PIPE
    process = Process(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))
    try:
        await process.says("ready")
        yield process
    finally:
        if process.process.returncode is None:
            process.input.close()
            await asyncio.wait_for(process.process.wait(), DEADLINE_S)


def attempts(url: str) -> dict[str, list[str]]:
    """Of each workflow, its attempts in order: step and executor."""
    database = Database(url)
    with database.transaction() as work:
        rows = work.execute(text("SELECT key, step, executor FROM attempt")).all()
    database.close()
    return {key: [f"{row.step} {row.executor}" for row in rows if row.key == key] for key in KEYS}


def with_table(url: str) -> str:
    database = Database(url)
    database.migrate()
    with database.transaction() as work:
        work.execute(text(TABLE))
    database.close()
    return url


async def time_to_take_over(url: str, pace: tuple[float, float]) -> float:
    """Seconds from the death of an executor that has all in hand until a second one has finished it."""
    async with executor(url, url, "dead", *STOPS, pace=pace) as dead:
        dead.start(*KEYS)
        await dead.says("stopped 1", "stopped 2", "stopped 3")
        async with executor(url, url, "living", pace=pace) as living:
            await dead.kill()
            died = time.monotonic()
            await living.says(*[f"finished {key}" for key in KEYS])
            return time.monotonic() - died


@pytest.mark.covers("services/SC-5", "services/SC-7", "services/TC-2")
@pytest.mark.parametrize(("leads", "pace"), [("dead", SHIPPED), ("living", QUICK)])
def test_the_work_of_a_dead_executor_is_taken_over_within_a_minute(
    postgresql: PostgreSQL, leads: str, pace: tuple[float, float]
) -> None:
    url = with_table(postgresql.new_database())
    database = Database(url)
    ExecutorTable(database).leads(leads, SystemClock().now())
    database.close()
    assert asyncio.run(time_to_take_over(url, pace)) < 60
    assert attempts(url) == {
        "1": ["one living", "two living", "three living"],
        "2": ["one dead", "two dead", "two living", "three living"],
        "3": ["one dead", "two living", "three living"],
        "4": ["one living", "two living", "three living"],
    }


@pytest.mark.covers("services/SC-7")
def test_an_executor_that_was_killed_goes_on_in_its_next_life(tmp_path: Path) -> None:
    url, jobs_url = with_table(f"sqlite:///{tmp_path / 'till.db'}"), f"sqlite:///{tmp_path / 'jobs.db'}"

    async def two_lives() -> None:
        async with executor(url, jobs_url, "till", *STOPS) as first:
            first.start(*KEYS)
            await first.says("stopped 1", "stopped 2", "stopped 3")
            await first.kill()
        async with executor(url, jobs_url, "till") as second:
            await second.says(*[f"finished {key}" for key in KEYS])

    asyncio.run(two_lives())
    steps = {key: [attempt.split()[0] for attempt in done] for key, done in attempts(url).items()}
    whole = ["one", "two", "three"]
    assert steps == {"1": whole, "2": ["one", "two", "two", "three"], "3": whole, "4": whole}
