"""Jobs on DBOS, which keeps what a workflow has done in a database of its own: SQLite, or PostgreSQL where several
processes share the work (services/SC-5, SC-7, SC-8).

What the engine keeps are names, ids and plain values, as JSON, never pickled; finished workflows are deleted. Each
workflow waits in one queue, from which any executor takes it, and runs on the loop that called `launch`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

from sqlalchemy import Engine, create_engine, event

from host.jobs.errors import StepFailed, UnknownWorkflow
from host.jobs.port import Workflow, plain

APPLICATION = "zinc-host"  # lowercase, or the engine refuses to start
VERSION = "1"  # of all workflows: raised when the steps of one change, after the old ones have run out
QUEUE, LIMITED = "zinc", "zinc-lanes"
NO_LANE = "-"
POLLED_EVERY_S = 1.0
CLOSING_S = 5
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
KEPT_FOR = timedelta(days=1)
DELETED_AT_ONCE = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """Of each lane, over all executors (services/SC-2): how many workflows at once, and how many begin in a minute."""

    at_once: int
    a_minute: int | None = None

    def of_the_engine(self) -> dict[str, Any]:
        limiter = {"partition_limiter": {"limit": self.a_minute, "period": 60.0}} if self.a_minute else {}
        return {"partition_concurrency": self.at_once} | limiter


class DbosJobs:
    """port.Jobs; one a process, for the engine is one. The engine takes a second to import: not before `launch`."""

    def __init__(self, url: str, executor: str = "local", at_once: int = 4, limits: Limits | None = None) -> None:
        """`url` is SQLAlchemy's; `executor` is this process's name, the same in its next life; `at_once`: workflows.
        All who share a queue have the same limits."""
        self._url = url
        self._executor = executor
        self._at_once = at_once
        self._limits = limits
        self._workflows: dict[str, Workflow] = {}
        self._entries: dict[str, Callable[[str], Any]] = {}
        self._running: set[tuple[str, str]] = set()
        self._launching: asyncio.Future[None] | None = None

    def register(self, name: str, workflow: Workflow) -> None:
        """Before `launch`."""
        self._workflows[name] = workflow

    async def launch(self) -> None:
        """Begin to work, with what this executor left in its last life; the same launch for all that call it."""
        if self._launching is None:
            self._launching = asyncio.ensure_future(self._launch())
        await asyncio.shield(self._launching)

    async def _launch(self) -> None:
        await asyncio.to_thread(import_module, "dbos")  # a second, in which the loop goes on
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

        self._dbos = DBOS
        config = DBOSConfig(
            name=APPLICATION,
            application_version=VERSION,
            executor_id=self._executor,
            system_database_url=self._url,
            serializer=DBOSPortableJSONSerializer(),
            log_level="WARNING",
        )
        self._engine = sqlite_engine(self._url) if self._url.startswith("sqlite") else None
        if self._engine is not None:
            config["system_database_engine"] = self._engine
        DBOS(config=config)
        self._entries = {name: DBOS.workflow(name=name)(self._entry(name)) for name in self._workflows}
        DBOS.launch()
        await DBOS.register_queue_async(
            LIMITED if self._limits else QUEUE,
            worker_concurrency=self._at_once,
            polling_interval_sec=POLLED_EVERY_S,
            **self._limits.of_the_engine() if self._limits else {},
        )

    async def start(self, name: str, key: str, lane: str = "") -> None:
        """Returns when the run is durable; launches the engine if nobody has. Raises UnknownWorkflow."""
        if name not in self._workflows:
            raise UnknownWorkflow(name)
        await self.launch()
        from dbos import SetEnqueueOptions, SetWorkflowID

        of_lane = lane or NO_LANE if self._limits else None
        with SetWorkflowID(f"{name}:{key}"), SetEnqueueOptions(queue_partition_key=of_lane):
            await self._dbos.enqueue_workflow_async(LIMITED if self._limits else QUEUE, self._entries[name], key)

    def holders(self) -> set[str]:
        """The executors, living or dead, that have a workflow in hand. From a thread: it waits for the database."""
        pending = self._dbos.list_workflows(status="PENDING", app_version=VERSION, load_input=False, load_output=False)
        return {workflow.executor_id for workflow in pending if workflow.executor_id}

    def recover(self, executors: Iterable[str]) -> None:
        """Put what they, who are dead, have in hand into the queue again. From a thread.

        The engine does this only for its own last life, or by a service that is bought; the call is not a public one.
        """
        self._dbos._recover_pending_workflows(sorted(executors))

    async def tidy(self, now: datetime) -> int:
        """Delete what finished KEPT_FOR ago; how many, at most DELETED_AT_ONCE."""
        before = (now - KEPT_FOR).isoformat()
        finished = await self._dbos.list_workflows_async(
            status=FINISHED, completed_before=before, limit=DELETED_AT_ONCE, load_input=False, load_output=False
        )
        await self._dbos.delete_workflows_async([workflow.workflow_id for workflow in finished])
        return len(finished)

    async def close(self) -> None:
        """What runs has CLOSING_S to end; else it is left as it is, and goes on in the next life."""
        if self._launching is None:
            return
        await self._launching
        waits_s = CLOSING_S if self._running else 0
        destroy = partial(self._dbos.destroy, destroy_registry=True, workflow_completion_timeout_sec=waits_s)
        await asyncio.to_thread(destroy)
        if self._engine is not None:
            self._engine.dispose()

    def _entry(self, name: str) -> Callable[[str], Awaitable[None]]:
        async def run(key: str) -> None:
            self._running.add((name, key))
            try:
                await self._workflows[name](key, DbosSteps(self._dbos))
            finally:
                self._running.discard((name, key))

        return run


class DbosSteps:
    def __init__(self, dbos: Any) -> None:
        self._dbos = dbos

    async def run(self, name: str, do: Callable[[], Awaitable[Any]]) -> Any:
        async def step() -> Any:
            try:
                return plain(name, await do())
            except Exception as error:
                log.exception("step %s failed", name)
                # The engine keeps an exception with its text; the name says enough, and nothing personal.
                raise StepFailed(f"{name}: {type(error).__name__}") from None

        return await self._dbos.run_step_async({"name": name}, step)


def sqlite_engine(url: str) -> Engine:
    """WAL before the engine sees the file: it does not ask for it, and is two times slower without."""
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"  # as the engine does when it connects by itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
