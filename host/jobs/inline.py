"""Jobs without an engine, in the caller's own task: for tests and for the simulation, which hands on what is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from host.jobs.errors import StepsChanged, UnknownWorkflow
from host.jobs.port import Workflow, plain

Run = tuple[str, str]  # name of the workflow, key


@dataclass
class Kept:
    """What an engine has on disk: it outlives a host that crashes, and is given to the next one."""

    pending: dict[Run, None] = field(default_factory=dict)  # in the order of their start
    ended: set[Run] = field(default_factory=set)
    steps: dict[Run, list[tuple[str, Any]]] = field(default_factory=dict)  # name and what it gave


class InlineJobs:
    def __init__(self, kept: Kept | None = None) -> None:
        self._kept = kept or Kept()
        self._workflows: dict[str, Workflow] = {}
        self._running: set[Run] = set()  # in this life

    def register(self, name: str, workflow: Workflow) -> None:
        self._workflows[name] = workflow

    async def start(self, name: str, key: str, lane: str = "") -> None:  # noqa: ARG002
        """Returns when the run has ended, or at once when it began before. Raises what the workflow raises."""
        run = (name, key)
        if run in self._kept.ended or run in self._kept.pending:
            return
        self._kept.pending[run] = None
        await self._go_on(run)

    async def resume(self) -> None:
        """In a host's next life: go on with what its last one left."""
        for run in list(self._kept.pending):
            if run in self._kept.pending and run not in self._running:
                await self._go_on(run)

    async def _go_on(self, run: Run) -> None:
        name, key = run
        if name not in self._workflows:
            raise UnknownWorkflow(name)
        self._running.add(run)
        try:
            await self._workflows[name](key, InlineSteps(self._kept.steps.setdefault(run, [])))
        except Exception:
            self._end(run)  # as the engine does: a workflow that raises is over
            raise
        self._end(run)

    def _end(self, run: Run) -> None:
        self._running.discard(run)
        self._kept.ended.add(run)
        del self._kept.pending[run], self._kept.steps[run]


class InlineSteps:
    def __init__(self, kept: list[tuple[str, Any]]) -> None:
        self._kept = kept
        self._place = 0

    async def run(self, name: str, do: Callable[[], Awaitable[Any]]) -> Any:
        place, self._place = self._place, self._place + 1
        if place == len(self._kept):
            self._kept.append((name, plain(name, await do())))
        if self._kept[place][0] != name:
            raise StepsChanged(f"{name} where {self._kept[place][0]} was")
        return self._kept[place][1]
