"""One life of a side, from its start to its crash: its tasks end with it, and its handles refuse from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar, copy_context
from typing import Any

_LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


class Killed(BaseException):
    """The life is over. No `except Exception` of the product holds it up, and no `finally` reaches a handle."""


class Life:
    """`check` is called by each handle before it does anything."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.over = False
        self._tasks: list[asyncio.Task[Any]] = []

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """What it starts in its turn belongs to this life, too."""
        context = copy_context()
        context.run(_LIFE.set, self)
        return context.run(asyncio.get_running_loop().create_task, coroutine)

    def check(self) -> None:
        if self.over:
            raise Killed(self.name)

    def end(self) -> None:
        """Whoever is in the middle of a handle raises Killed itself."""
        self.over = True
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def take(self, task: asyncio.Task[Any]) -> None:
        if len(self._tasks) > 64:
            self._tasks = [known for known in self._tasks if not known.done()]
        self._tasks.append(task)


def make_task(loop: asyncio.AbstractEventLoop, coroutine: Any, context: Any = None) -> asyncio.Task[Any]:
    """The loop's task factory: each task is known to the life that started it."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, context=context)
    life = _LIFE.get()
    if life is not None:
        life.take(task)
    return task
