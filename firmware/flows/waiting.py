"""Wait for whichever comes first. asyncio.wait is not on MicroPython; this is what a flow needs of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import Abandoned, CardRemoved

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal


async def first_of(waits: list[Coroutine], timeout_ms: int) -> tuple[int, Any]:
    """(index, result) of the first that ends, (-1, None) when none does in time; the others are cancelled.

    Raises what the first raised. A result that nobody takes is wiped, if it is one that can be: a PIN.
    """
    over = asyncio.Event()
    ended: list = []
    taken: tuple = (-1, None, None)
    tasks = [asyncio.create_task(_run(index, wait, ended, over)) for index, wait in enumerate(waits)]
    try:
        await asyncio.wait_for(over.wait(), timeout_ms / 1000)
        taken = ended[0]
    except asyncio.TimeoutError:
        pass
    finally:
        for task in tasks:
            await _stop(task)
        for end in ended:
            if end is not taken and hasattr(end[1], "wipe"):
                end[1].wipe()
    index, result, error = taken
    if error is not None:
        raise error
    return index, result


async def answer(payment: Payment, waits: list[Coroutine], timeout_ms: int, too_late: str) -> Any:
    """What the first of `waits` gives; Abandoned when the merchant cancels or nobody does anything."""
    index, value = await first_of(waits + [payment.cancelled.wait()], timeout_ms)
    if index < 0:
        raise Abandoned(too_late)
    if index == len(waits):
        raise Abandoned("merchant_cancelled")
    return value


def card_gone(terminal: Terminal, payment: Payment) -> list[Coroutine]:
    """Another wait while the cardholder is asked: a chip card must stay; a tapped one has gone already."""
    return [_removed(terminal)] if payment.interface == "contact" else []


async def _removed(terminal: Terminal) -> None:
    await terminal.drivers.card_reader.removed()
    raise CardRemoved


async def _run(index: int, wait: Any, ended: list, over: asyncio.Event) -> None:
    """asyncio may keep a task that has ended, and all that its frame refers to: so nothing is left in it."""
    try:
        result = await wait
        ended.append((index, result, None))
    except Exception as error:  # noqa: BLE001 whatever it is, first_of raises it where it is awaited
        ended.append((index, None, error))
    finally:
        wait = result = None
    over.set()


async def _stop(task: asyncio.Task) -> None:
    """Cancel until it is true: a wait_for whose wait has just ended swallows a cancellation (CPython 3.11)."""
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
