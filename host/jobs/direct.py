"""Work that nobody remembers: a merchant's workflow within its shard, which is the engine's. Begun again, it finds in
its rows what is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from host.jobs.errors import UnknownWorkflow
from host.jobs.port import Workflow


class DirectJobs:
    """port.Jobs, each run in its caller's own task."""

    def __init__(self) -> None:
        self._workflows: dict[str, Workflow] = {}

    def register(self, name: str, workflow: Workflow) -> None:
        self._workflows[name] = workflow

    async def start(self, name: str, key: str, lane: str = "") -> None:  # noqa: ARG002
        """Returns when the run has ended. Raises UnknownWorkflow, and what the workflow raises."""
        if name not in self._workflows:
            raise UnknownWorkflow(name)
        await self._workflows[name](key, DirectSteps())


class DirectSteps:
    async def run(self, name: str, do: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ARG002
        return await do()
