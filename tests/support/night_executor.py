"""An executor of many merchants' night: `python -m tests.support.night_executor URL NAME FOLDER LINES`, until its input
ends. It is the one that is shipped; readers and acquirer are those of night.py."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from host.executor import Executor
from host.settings import Collecting, Settings
from tests.support import night


async def run(url: str, name: str, folder: Path, lines: int) -> None:
    acquirer, ended = night.TakesAll(), asyncio.Event()
    settings = Settings(database_url=url, remittances=folder, collecting=Collecting())
    executor = Executor(
        settings, name, lambda _: acquirer, night.NightClock(), lambda serial: night.MadeUpReader(serial, lines)
    )
    running = asyncio.create_task(executor.run(ended))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    ended.set()
    await running


if __name__ == "__main__":
    url, name, folder, lines = sys.argv[1:]
    asyncio.run(run(url, name, Path(folder), int(lines)))
