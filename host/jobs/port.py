"""What a domain needs of the engine. Workflows carry ids only; each step is idempotent, for it may run twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from host.jobs.errors import StepsChanged

PLAIN = (type(None), bool, int, float, str)


def plain(name: str, value: Any) -> Any:
    """The value, which an engine may keep. Raises StepsChanged."""
    if not isinstance(value, PLAIN):
        raise StepsChanged(f"{name} gave a {type(value).__name__}")
    return value


class Steps(Protocol):
    """The steps of one run of a workflow, as the engine remembers them."""

    async def run(self, name: str, do: Callable[[], Awaitable[Any]]) -> Any:
        """What `do` gave, now or in an earlier life of this workflow: None, a number or a text, never personal data.

        A step that raises ends the workflow; what the workflow is to know of a failure, `do` gives as a value.
        """
        ...


Workflow = Callable[[str, Steps], Awaitable[None]]  # of an id of the domain


class Jobs(Protocol):
    """`key` is an id of the domain; the same name and key are the same run, however often it is started."""

    def register(self, name: str, workflow: Workflow) -> None: ...

    async def start(self, name: str, key: str, lane: str = "") -> None:
        """Returns when the run is durable; what becomes of it is in the domain's rows. Of one lane not more run at
        once than its limit, where there is one."""
        ...


class Timers(Protocol):
    """Rows of (kind, key, due_at), set in the domain's own transaction (`work`)."""

    def set(self, work: Any, kind: str, key: str, due_at: datetime, lane: str = "") -> None:
        """Replaces the timer of that kind and key. Where there are many, those of a lane do not wait for another's."""
        ...

    def clear(self, work: Any, kind: str, key: str) -> None: ...

    def handle(self, kind: str, handler: Callable[[str], Awaitable[None]]) -> None:
        """`handler(key)` is awaited when a timer of the kind is due. It sets the next one itself; when it raises, or
        leaves the timer as it was, the timer comes again after a back-off."""
        ...

    async def run_due(self, now: datetime) -> int:
        """How many were handled."""
        ...
