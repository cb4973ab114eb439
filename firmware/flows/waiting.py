"""Wait for whichever comes first. asyncio.wait is not on MicroPython; this is what a flow needs of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any


async def first_of(waits: list[Coroutine], timeout_ms: int) -> tuple[int, Any]:
    """(index, result) of the first that ends, (-1, None) when none does in time; the others are cancelled.

    Raises the ReaderError that the first raised.
    """
    over = asyncio.Event()
    ended: list = []
    tasks = [asyncio.create_task(_run(index, wait, ended, over)) for index, wait in enumerate(waits)]
    try:
        await asyncio.wait_for(over.wait(), timeout_ms / 1000)
    except asyncio.TimeoutError:
        return -1, None
    finally:
        for task in tasks:
            task.cancel()
            await _settled(task)
    index, result, error = ended[0]
    if error is not None:
        raise error
    return index, result


async def _run(index: int, wait: Coroutine, ended: list, over: asyncio.Event) -> None:
    try:
        ended.append((index, await wait, None))
    except ReaderError as error:
        ended.append((index, None, error))
    over.set()


async def _settled(task: asyncio.Task) -> None:
    try:
        await task
    except asyncio.CancelledError:
        pass
