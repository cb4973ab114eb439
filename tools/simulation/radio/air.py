"""The emulated air and its radios in shared time: tools/emulator/radio.py with the file of the time as first word."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from tools.emulator import radio
from tools.simulation.radio.shared_time import SharedLoop, join

ADVERTISED_EACH_MS = 500  # each time wakes everybody


def run(main: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=SharedLoop) as runner:
        runner.run(main)


if __name__ == "__main__":
    join(Path(sys.argv.pop(1)), "radio")
    radio.SHORTEST_ADVERTISING_MS = ADVERTISED_EACH_MS
    radio.main(run)
