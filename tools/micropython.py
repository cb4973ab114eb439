"""Where the MicroPython interpreter of the locked wheel is, if this machine has one."""

from __future__ import annotations

import sys
from pathlib import Path


def interpreter() -> str | None:
    """Path of the unix port's program, None on machines without a wheel (Linux on ARM, Windows)."""
    path = Path(sys.executable).parent / "micropython"
    return str(path) if path.exists() else None


def best_runtime() -> str:
    """The runtime for an emulated reader: MicroPython, as on a board, or CPython where there is no wheel of it."""
    return "micropython" if interpreter() else "cpython"
