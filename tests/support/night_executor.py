"""An executor of many merchants' night: `python -m tests.support.night_executor URL NAME FOLDER LINES`, until its input
ends. The engine, shards, timers and telecollection are as shipped; readers and acquirer are those of night.py."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from host.clock import SystemClock
from host.database import Database
from host.jobs.dbos_jobs import DbosJobs
from host.jobs.direct import DirectJobs
from host.jobs.executors import ExecutorTable
from host.jobs.heartbeat import Heartbeat
from host.jobs.shards import ShardedTimers
from host.telecollection.acknowledge import CUT_OFF
from tests.support import night

SCANNED_EVERY_S = 1.0


async def run(url: str, name: str, folder: Path, lines: int) -> None:
    database, clock = Database(url), night.NightClock()
    jobs = DbosJobs(url, name)
    timers = ShardedTimers(database, jobs, clock, {CUT_OFF}, name)
    night.service_of(
        database, folder, lines, DirectJobs(), timers, clock
    )  # within its shard, a merchant is no workflow
    heart = Heartbeat(ExecutorTable(database), jobs, timers, name, SystemClock())
    await jobs.launch()
    heart.start()
    print("ready", flush=True)
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not ended.done():
        await timers.run_due(clock.now())
        await asyncio.wait([ended], timeout=SCANNED_EVERY_S)
    heart.stop()
    await jobs.close()
    database.close()


if __name__ == "__main__":
    url, name, folder, lines = sys.argv[1:]
    asyncio.run(run(url, name, Path(folder), int(lines)))
