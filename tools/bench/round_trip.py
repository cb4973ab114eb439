"""Write to notify over the emulated BLE: a reader that echoes, unmodified bleak on the host's side."""

from __future__ import annotations

import time

from tools.bench.measure import Measure
from tools.emulator.emulator import Emulator

ROUNDS = 300
VALUE = bytes(64)


async def measure() -> list[Measure]:
    from tests.device.echo import image

    async with Emulator(image=image(), main="tests.device.echo") as reader:
        line = reader.byte_link()
        await line.open()
        trips = []
        for _ in range(ROUNDS):
            started = time.monotonic()
            await line.send(VALUE)
            answered = 0
            while answered < len(VALUE):
                answered += len(await line.receive())
            trips.append((time.monotonic() - started) * 1000)
        await line.close()
    trips.sort()
    return [
        Measure("BLE write to notify, p50", trips[ROUNDS // 2], "ms", 3),
        Measure("BLE write to notify, p95", trips[ROUNDS * 95 // 100], "ms"),
    ]
