"""A process that runs workflows, to be killed: `python -m tests.support.executor_process URL JOBS_URL ID [PLACE...]`.

It starts the workflows that its input names, a line each, and says on its output how far each of them came. A workflow
stops for ever at the place that is given with its key, as 2=two:after; its steps write rows that can be counted.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from sqlalchemy import text

from host.clock import SystemClock
from host.database import Database
from host.jobs.dbos_jobs import DbosJobs, Limits
from host.jobs.executors import ExecutorTable
from host.jobs.heartbeat import Heartbeat
from host.jobs.port import Steps
from host.jobs.timers import TimerTable

STEPS = ("one", "two", "three")
TABLE = "CREATE TABLE IF NOT EXISTS attempt (key VARCHAR(8), step VARCHAR(8), executor VARCHAR(8))"
AT_ONCE = 3


class Executor:
    def __init__(
        self, url: str, jobs_url: str, name: str, stops: list[str], every_s: float, dead_after_s: float
    ) -> None:
        self.database = Database(url)
        self.name = name
        self.stops = set(stops)
        self.jobs = DbosJobs(jobs_url, name, AT_ONCE, Limits(AT_ONCE))
        self.jobs.register("count", self.count)
        table = ExecutorTable(self.database, timedelta(seconds=dead_after_s))
        timers = TimerTable(self.database, name)
        self.heart = Heartbeat(table, self.jobs, timers, name, SystemClock(), timedelta(seconds=every_s))

    async def count(self, key: str, steps: Steps) -> None:
        for step in STEPS:
            await self.stop(key, f"{step}:before")
            await steps.run(step, lambda step=step: self.attempt(key, step))
            await self.stop(key, f"{step}:between")
        say(f"finished {key}")

    async def attempt(self, key: str, step: str) -> str:
        with self.database.transaction() as work:
            row = {"key": key, "step": step, "executor": self.name}
            work.execute(text("INSERT INTO attempt VALUES (:key, :step, :executor)"), row)
        await self.stop(key, f"{step}:after")
        return step

    async def stop(self, key: str, place: str) -> None:
        if f"{key}={place}" in self.stops:
            say(f"stopped {key}")
            await asyncio.Event().wait()

    async def run(self) -> None:
        await self.jobs.launch()
        self.heart.start()
        say("ready")
        while key := await asyncio.to_thread(sys.stdin.readline):
            await self.jobs.start("count", key.strip())
        self.heart.stop()
        await self.jobs.close()
        self.database.close()


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    url, jobs_url, name, every_s, dead_after_s, *stops = sys.argv[1:]
    asyncio.run(Executor(url, jobs_url, name, stops, float(every_s), float(dead_after_s)).run())
