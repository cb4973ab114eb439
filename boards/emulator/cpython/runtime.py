"""What MicroPython's built-in modules have more than CPython's: added to them."""

from __future__ import annotations

import asyncio
import gc
import os
import time

_TICKS = 1 << 30


class ThreadSafeFlag:
    """An event for one waiter, who clears it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()

    async def wait(self) -> None:
        await self._event.wait()
        self._event.clear()


class StreamReader:
    """MicroPython's stream over anything with a file descriptor that does not block."""

    def __init__(self, stream) -> None:
        self._descriptor = stream.fileno()
        self._stream = stream  # kept open
        self._unsent = b""

    async def read(self, length: int) -> bytes:
        while True:
            await self._ready(asyncio.get_running_loop().add_reader, asyncio.get_running_loop().remove_reader)
            try:
                return os.read(self._descriptor, length)
            except BlockingIOError:
                continue  # somebody else read first

    def write(self, data: bytes) -> None:
        self._unsent += data

    async def drain(self) -> None:
        while self._unsent:
            await self._ready(asyncio.get_running_loop().add_writer, asyncio.get_running_loop().remove_writer)
            try:
                self._unsent = self._unsent[os.write(self._descriptor, self._unsent) :]
            except BlockingIOError:
                continue

    async def _ready(self, add, remove) -> None:
        ready = asyncio.Event()
        add(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            remove(self._descriptor)


async def sleep_ms(milliseconds: int) -> None:
    await asyncio.sleep(milliseconds / 1000)


def ticks_diff(end: int, start: int) -> int:
    return (end - start + _TICKS // 2) % _TICKS - _TICKS // 2


def complete() -> None:
    """Add them. CPython's heap has no bound: its figures are zero."""
    asyncio.ThreadSafeFlag = ThreadSafeFlag
    asyncio.StreamReader = StreamReader
    asyncio.sleep_ms = sleep_ms
    time.ticks_ms = lambda: time.monotonic_ns() // 1_000_000 % _TICKS
    time.ticks_us = lambda: time.monotonic_ns() // 1_000 % _TICKS
    time.ticks_add = lambda ticks, delta: (ticks + delta) % _TICKS
    time.ticks_diff = ticks_diff
    gc.mem_alloc = lambda: 0
    gc.mem_free = lambda: 0
