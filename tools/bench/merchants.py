"""Many merchants in one night on PostgreSQL, in shards of 500: throughput of one executor and of two."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select

from host.database import Database
from host.jobs.shards import SHARD
from host.jobs.timers import TimerTable
from host.telecollection.acknowledge import CUT_OFF
from host.telecollection.contract_store import ContractStore
from host.telecollection.states import State
from host.telecollection.tables import remittances
from tests.support import night
from tests.support.postgresql import PostgreSQL
from tools.bench.measure import Measure

LINES = 20  # of each merchant
FEW, MANY = 600, 10_000
DEADLINE_S = 3600
LOOKED_EVERY_S = 0.5
ADDED_AT_ONCE = 500


@asynccontextmanager
async def executor(url: str, name: str, folder: Path) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "tests.support.night_executor", url, name, str(folder), str(LINES)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdin and process.stdout
    try:
        assert await process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.stdin.close()
        await process.wait()


def add(database: Database, merchants: int) -> None:
    """Each with a reader, whose day is over and copied."""
    night.fill(database, merchants, LINES)
    store, timers = ContractStore(), TimerTable(database)
    for first in range(0, merchants, ADDED_AT_ONCE):
        with database.transaction() as work:
            for number in range(first, min(first + ADDED_AT_ONCE, merchants)):
                contract = night.merchant(number, [number])
                store.add(work, contract)
                timers.set(work, CUT_OFF, contract.id, night.CUT_OFF, contract.acquirer_id)


async def collected(database: Database, merchants: int) -> float:
    """Seconds from the first remittance until all are acknowledged."""
    acked = select(func.count()).select_from(remittances).where(remittances.c.state == State.ACKED)
    began: float | None = None
    async with asyncio.timeout(DEADLINE_S):
        while True:
            with database.transaction() as work:
                done = work.scalars(acked).one()
            if done and began is None:
                began = time.monotonic()
            if done == merchants and began is not None:
                return time.monotonic() - began
            await asyncio.sleep(LOOKED_EVERY_S)


async def one_night(server: PostgreSQL, merchants: int, executors: int) -> tuple[float, float]:
    """Seconds that it took, and that the executors had the processor."""
    url = server.new_database()
    database = Database(url)
    add(database, merchants)
    before = _processor_s()
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with AsyncExitStack() as stack:
            started = [executor(url, f"executor-{number}", Path(folder)) for number in range(executors)]
            await asyncio.gather(*map(stack.enter_async_context, started))
            took = await collected(database, merchants)
    database.close()
    return took, _processor_s() - before


def _processor_s() -> float:
    """Of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def measure(merchants: int = FEW) -> list[Measure]:
    with PostgreSQL(durable=True) as server:
        nights = {count: await one_night(server, merchants, count) for count in (1, 2)}
    took = {count: seconds for count, (seconds, _) in nights.items()}
    load = os.getloadavg()[1]
    shards = -(-merchants // SHARD)
    name = f"{merchants} merchants of {LINES} lines, {shards} shards"
    return [
        *(Measure(f"{name}: {count} executor(s)", merchants / took[count], "merchants/s") for count in took),
        *(Measure(f"{name}: {count} executor(s)", merchants * LINES / took[count], "lines/s") for count in took),
        Measure(f"{name}: two against one", took[1] / took[2], "times"),
        Measure(f"{name}: processor, a merchant", nights[1][1] / merchants * 1000, "ms"),
        Measure(f"{name}: processes that wanted the {os.cpu_count()} cores", load, "(5 min)"),
    ]


async def measure_long() -> list[Measure]:
    return await measure(MANY)
