"""`const` for both runtimes: the MicroPython compiler folds `_NAME = const(1)` away, CPython calls this."""

from __future__ import annotations


def const(value: int) -> int:
    return value
