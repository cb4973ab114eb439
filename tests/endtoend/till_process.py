"""A till as a process, for a test that kills it: python -m tests.endtoend.till_process PORT DATABASE ORDER."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from host.app import build
from host.money import Money
from host.settings import Settings
from host.terminal.client import ReaderClient
from host.terminal.usb_serial import UsbSerialLink


async def pay(port: str, database: str, order: str) -> None:
    app = build(Settings(database=Path(database)), ReaderClient(UsbSerialLink(port)))
    await app.start()
    await app.payments.take_payment(Money(1250), order)


if __name__ == "__main__":
    asyncio.run(pay(*sys.argv[1:]))
