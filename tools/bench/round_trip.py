"""Write to notify over the emulated BLE: a reader that echoes, unmodified bleak on the host's side."""

from __future__ import annotations

import asyncio
import time

from host.terminal.byte_link import ByteLink
from tests.device.start import image_file
from tools.bench.measure import Measure
from tools.emulator.emulator import Emulator

ROUNDS = 300
VALUE = bytes(64)


async def trip_ms(line: ByteLink) -> float:
    started = time.monotonic()
    await line.send(b"E" + VALUE)
    answered = 0
    while answered < len(VALUE):
        answered += len(await line.receive())
    return (time.monotonic() - started) * 1000


async def measure() -> list[Measure]:
    with image_file() as image:
        async with Emulator(image=image, main="tests.device.echo") as reader:
            line = reader.byte_link()
            await line.open()
            async with asyncio.timeout(60):
                trips = sorted([await trip_ms(line) for _ in range(ROUNDS)])
            await line.close()
    return [
        Measure("BLE write to notify, p50", trips[ROUNDS // 2], "ms", 3),
        Measure("BLE write to notify, p95", trips[ROUNDS * 95 // 100], "ms"),
    ]
