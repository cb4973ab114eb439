"""How long `make demo ONCE=1` takes once everything is set up."""

from __future__ import annotations

import subprocess
import time

from tools.bench.measure import Measure

RUNS = 3


def one_run() -> float:
    started = time.monotonic()
    subprocess.run(["make", "--silent", "demo", "ONCE=1"], check=True, capture_output=True, timeout=120)
    return time.monotonic() - started


async def measure() -> list[Measure]:
    one_run()  # the first one compiles the firmware
    return [Measure("make demo ONCE=1, median of 3", sorted(one_run() for _ in range(RUNS))[RUNS // 2], "s", 5)]
