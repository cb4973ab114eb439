"""CPython's stand-ins for MicroPython's framebuf, cryptolib and asyncio: the same answers, byte for byte."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.micropython import interpreter

ROOT = Path(__file__).parent.parent.parent
TWINS = ROOT / "boards" / "emulator" / "cpython"
OPERATIONS = str(Path(__file__).parent / "twin_operations.py")


def test_framebuf_and_cryptolib_answer_alike() -> None:
    micropython = interpreter()
    if micropython is None:
        pytest.skip("no MicroPython on this machine")
    real = subprocess.run([micropython, OPERATIONS], check=True, capture_output=True, text=True, timeout=60)
    ours = subprocess.run(
        [sys.executable, OPERATIONS],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(TWINS)},
    )
    assert len(real.stdout.splitlines()) > 100
    assert ours.stdout.splitlines() == real.stdout.splitlines()


def test_the_flag_lets_one_waiter_through_once() -> None:
    import runtime  # of the twins

    async def run() -> None:
        flag = runtime.ThreadSafeFlag()
        flag.set()
        await flag.wait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(flag.wait(), 0.01)
        flag.set()
        flag.clear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(flag.wait(), 0.01)

    asyncio.run(run())


def test_ticks_wrap() -> None:
    import runtime

    assert runtime.ticks_diff(5, (1 << 30) - 5) == 10
    assert runtime.ticks_diff((1 << 30) - 5, 5) == -10
    assert runtime.ticks_diff(7, 7) == 0
