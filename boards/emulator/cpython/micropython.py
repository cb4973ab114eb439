"""MicroPython's `micropython` module, for CPython."""

from __future__ import annotations

import asyncio


def const(value):
    return value


def schedule(function, argument) -> None:
    asyncio.get_running_loop().call_soon(function, argument)
