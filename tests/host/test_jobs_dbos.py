"""The engine behind the port: durable, one run a key, and nothing kept that is personal, pickled or finished."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from host.jobs.dbos_jobs import KEPT_FOR, DbosJobs, sqlite_engine
from host.jobs.errors import UnknownWorkflow
from host.jobs.port import Steps

DEADLINE_S = 60


class Evening:
    """A workflow of two steps; the second one does what the test wants."""

    def __init__(self, second: Callable[[], Any] = lambda: "done") -> None:
        self.second = second
        self.steps: list[str] = []
        self.ended = asyncio.Event()

    async def run(self, key: str, steps: Steps) -> None:
        try:
            await steps.run("first", lambda: self.step(f"first {key}", lambda: 1))
            await steps.run("second", lambda: self.step(f"second {key}", self.second))
        finally:
            self.ended.set()

    async def step(self, name: str, then: Callable[[], Any]) -> Any:
        self.steps.append(name)
        return then()


@asynccontextmanager
async def launched(url: str, evening: Evening) -> AsyncIterator[DbosJobs]:
    jobs = DbosJobs(url)
    jobs.register("evening", evening.run)
    await jobs.launch()
    try:
        yield jobs
    finally:
        await jobs.close()


async def run_once(url: str, evening: Evening) -> int:
    """Starts it twice, waits for its end; how many workflows were deleted afterwards."""
    async with launched(url, evening) as jobs:
        await jobs.start("evening", "7")
        await jobs.start("evening", "7")
        await asyncio.wait_for(evening.ended.wait(), DEADLINE_S)
        async with asyncio.timeout(DEADLINE_S):
            while await asyncio.to_thread(jobs.holders):  # the engine has yet to write down that it ended
                pass
        assert await jobs.tidy(datetime.now(UTC)) == 0
        return await jobs.tidy(datetime.now(UTC) + KEPT_FOR)


@pytest.mark.covers("services/SC-5", "services/SC-8")
def test_a_key_is_one_run_and_a_finished_run_is_deleted(database_url: str) -> None:
    evening = Evening()
    assert asyncio.run(run_once(database_url.replace("till.db", "jobs.db"), evening)) == 1
    assert evening.steps == ["first 7", "second 7"]


def test_what_was_never_registered_cannot_be_started(tmp_path: Path) -> None:
    async def start() -> None:
        async with launched(f"sqlite:///{tmp_path / 'jobs.db'}", Evening()) as jobs:
            with pytest.raises(UnknownWorkflow):
                await jobs.start("morning", "7")

    asyncio.run(start())


@pytest.mark.covers("services/SC-8")
def test_the_engine_keeps_ids_and_plain_values_and_of_a_failure_only_its_name(tmp_path: Path) -> None:
    def fails() -> None:
        raise KeyError("Anne Dupont")

    path = tmp_path / "jobs.db"

    async def keep() -> None:
        evening = Evening(fails)
        async with launched(f"sqlite:///{path}", evening) as jobs:
            await jobs.start("evening", "7")
            await asyncio.wait_for(evening.ended.wait(), DEADLINE_S)

    asyncio.run(keep())
    with closing(sqlite3.connect(path)) as engine:
        dump = "\n".join(engine.iterdump())
    assert "evening:7" in dump and "second: KeyError" in dump
    assert "Dupont" not in dump
    assert "gAS" not in dump  # how a pickle begins in base 64
    assert "portable_json" in dump


@pytest.mark.covers("services/SC-5", "services/SC-8")
def test_the_file_is_in_wal_mode_and_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "secure_delete")
        assert [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas] == ["wal", 2, 1]
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_till_without_jobs_does_not_import_the_engine() -> None:
    script = "import host.app, host.jobs.dbos_jobs, sys; sys.exit('dbos' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
