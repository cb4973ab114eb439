"""Group commit: what many tasks of one loop write becomes durable together, before any of them is heard outside.

A transaction of a task of the group joins one that all of them share. Whoever is about to do what another can see
waits until it is durable: when each task has come as far as it can, the shared transaction commits, and all go on. What
is outside is reached by `after_commit` alone, so that no call is forgotten. A transaction that fails takes the whole
shared one with it; then each task is begun anew by itself, as after a crash.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

T = TypeVar("T")
Task = Callable[[], Awaitable[None]]


class GroupBroken(Exception):
    """What the group had not yet committed is lost."""


class GroupCommit:
    """Of one loop, for one `run`; `begin` gives a transaction that commits when it is left normally."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._thread = threading.get_ident()
        self._transaction = ExitStack()
        self._work: Connection | None = None
        self._committed: asyncio.Future[None] | None = None
        self._broken = False

    async def run(self, tasks: Sequence[Task]) -> list[Exception | None]:
        """Of each task, None when it has ended and that is durable; else what it raised. GroupBroken: begin it anew."""
        token = JOINED.set(self)
        try:
            outcomes = await asyncio.gather(*map(self._run, tasks), return_exceptions=True)
        finally:
            JOINED.reset(token)
            self.commit()
        for outcome in outcomes:
            if outcome is not None and not isinstance(outcome, Exception):
                raise outcome
        return cast(list[Exception | None], outcomes)

    async def _run(self, task: Task) -> None:
        try:
            await task()
        except Exception:
            if self._broken:
                raise GroupBroken from None
            raise
        finally:
            await self.durable()

    async def durable(self) -> None:
        """Raises GroupBroken."""
        if self._broken:
            raise GroupBroken
        if self._work is None:
            return
        if self._committed is None:
            loop = asyncio.get_running_loop()
            self._committed = loop.create_future()
            loop.call_soon(self.commit)  # after all that can go on now
        await asyncio.shield(self._committed)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Raises GroupBroken."""
        if self._broken:
            raise GroupBroken
        if self._work is None:
            commit_open()
            self._work = self._transaction.enter_context(self._begin())
            OPEN.group = self
        try:
            yield self._work
        except BaseException:
            self._end(GroupBroken())
            raise

    def commit(self) -> None:
        """Between two transactions of the tasks, which is whenever the loop comes round."""
        if self._work is not None:
            self._end(None)

    def _end(self, broken: GroupBroken | None) -> None:
        committed = self._committed
        self._work = self._committed = OPEN.group = None
        try:
            self._transaction.__exit__(type(broken) if broken else None, broken, None)
        except SQLAlchemyError:
            log.exception("no commit")
            broken = GroupBroken()
        self._broken = broken is not None
        if committed is None:
            return
        if broken is None:
            committed.set_result(None)
        else:
            committed.set_exception(broken)
            committed.exception()  # there may be nobody who waits any more


JOINED: ContextVar[GroupCommit | None] = ContextVar("JOINED", default=None)
OPEN = threading.local()  # `group`: whose shared transaction is open in this thread, at most one


def group() -> GroupCommit | None:
    """The one that this task is of; a thread that it started is of none."""
    joined = JOINED.get()
    return joined if joined and joined._thread == threading.get_ident() else None


def commit_open() -> None:
    """Whoever writes by himself does not wait for rows that a group of his own thread holds."""
    opened = getattr(OPEN, "group", None)
    if opened is not None:
        opened.commit()


def after_commit(port: T) -> T:
    """The port, each of whose coroutines is begun when all that its caller wrote is durable."""
    return cast(T, AfterCommit(port))


class AfterCommit:
    def __init__(self, port: Any) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return _after(found) if iscoroutinefunction(found) else found


def _after(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def called(*args: Any, **named: Any) -> Any:
        joined = group()
        if joined is not None:
            await joined.durable()
        return await method(*args, **named)

    return called
