"""Time that jumps when all wait, and only then."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tools.simulation.radio.conductor import Conductor, DrivingLoop
from tools.simulation.radio.shared_time import WAKE, make, seconds

ROOT = Path(__file__).parent.parent.parent
HOUR_S = 3600.0
DEADLINE_S = 24 * HOUR_S  # of shared time
WAITS = """
async def main():
    await asyncio.sleep(3600)
"""
WORKS = """
async def main():
    while time.process_time() < 0.5:
        pass
"""
PROGRAM = """
import asyncio, pathlib, sys, time
from tools.simulation.radio.shared_time import SharedLoop, join
join(pathlib.Path(sys.argv[1]), "till")
{}
asyncio.Runner(loop_factory=SharedLoop).run(main())
"""


@asynccontextmanager
async def process(conductor: Conductor, clock: Path, main: str) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-c", PROGRAM.format(main), str(clock))
    started = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    conductor.enters("till", started.pid, partial(os.kill, started.pid, WAKE))
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield started
    finally:
        conductor.leaves("till")


def test_an_hour_that_all_wait_for_is_over_at_once(tmp_path: Path) -> None:
    async def story() -> float:
        began = seconds()
        async with process(loop.conductor, tmp_path / "clock", WAITS) as waiting:
            assert await waiting.wait() == 0
        return seconds() - began

    make(tmp_path / "clock")
    loop = DrivingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert HOUR_S <= runner.run(story()) < 2 * HOUR_S


def test_time_does_not_jump_while_somebody_works(tmp_path: Path) -> None:
    async def story() -> None:
        async with process(loop.conductor, tmp_path / "clock", WORKS) as working:
            waits = asyncio.create_task(asyncio.sleep(HOUR_S))
            assert await working.wait() == 0
            assert not waits.done()
            await waits

    make(tmp_path / "clock")
    loop = DrivingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(story())
