"""A till's evening as a process: python -m tests.endtoend.evening_process PORT FOLDER ACQUIRER [PHASE].

With a phase it begins an evening by hand and dies there, as by kill -9; without one it only starts, and what its last
life had begun ends by itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from host.app import build, engine_of
from host.settings import Settings
from host.telecollection.model import Phase, Progress
from host.terminal.client import ReaderClient
from host.terminal.usb_serial import UsbSerialLink

DEADLINE_S = 60


async def run(port: str, folder: Path, acquirer: str, dies_at: str | None) -> None:
    settings = Settings(database=folder / "zinc.db", acquirer_url=acquirer)
    app = build(settings, ReaderClient(UsbSerialLink(port)), jobs=engine_of(settings))
    ended = asyncio.Event()

    def watch(_remittance_id: int, progress: Progress) -> None:
        if progress.phase == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if progress.phase is Phase.ENDED:
            ended.set()

    app.telecollection.watch(watch)
    await app.start()
    if dies_at:
        await app.telecollection.collect_now(settings.evening.contract)
    async with asyncio.timeout(DEADLINE_S):
        await ended.wait()
    await app.close()


if __name__ == "__main__":
    port, folder, acquirer, *dies_at = sys.argv[1:]
    asyncio.run(run(port, Path(folder), acquirer, dies_at[0] if dies_at else None))
