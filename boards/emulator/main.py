"""The emulator's composition root: makes the drivers and runs the terminal.

Started by boot.py (MicroPython) or cpython/boot.py with words like `radio=40123`, the ports that the emulator listens
on: radio or serial (a file descriptor of a pty), card, door; and serial_number, storage, resources, card_timeout_ms.
"""

from __future__ import annotations

import asyncio
import os
import time

from boards.emulator.card_slot import CardSlot
from boards.emulator.debug_door import DebugDoor, DoorBeeper, DoorDisplay
from boards.parts.file_storage import FileStorage
from boards.parts.key_queue import KeyQueue

JOURNAL_SIZE = 1024 * 1024


class HostClock:
    def now(self) -> tuple[int, int, int, int, int, int]:
        year, month, day, hour, minute, second = time.localtime()[:6]
        return year, month, day, hour, minute, second

    def ticks_ms(self) -> int:
        return time.ticks_ms()  # type: ignore[return-value] - an int with a name of its own in the stubs

    def ticks_us(self) -> int:
        return time.ticks_us()  # type: ignore[return-value] - as above


class HostRandom:
    def random(self, length: int) -> bytes:
        return os.urandom(length)


def drivers(options: dict[str, str]) -> dict:
    """One of each driver, by the names of `firmware.terminal.Drivers`; starts what they need in the background."""
    door = DebugDoor(int(options["door"]))
    display = DoorDisplay(door)  # first of all: its buffer is the largest piece of the heap
    keypad = KeyQueue()
    card_reader = CardSlot(int(options["card"]), int(options["card_timeout_ms"]), door.measure_heap)
    made = {
        "display": display,
        "keypad": keypad,
        "card_reader": card_reader,
        "beeper": DoorBeeper(door),
        "storage": FileStorage(options["storage"], options["resources"], JOURNAL_SIZE),
        "clock": HostClock(),
        "secure_element": HostRandom(),
        "links": [_link(options)],
        "serial_number": options["serial_number"],
    }
    made["background"] = [asyncio.create_task(door.run(keypad)), asyncio.create_task(card_reader.run())]
    return made


def _link(options: dict[str, str]):
    """Only what is used is loaded."""
    if "serial" in options:
        from boards.parts.serial_link import SerialLink

        return SerialLink(asyncio.StreamReader(open(int(options["serial"]), "r+b", 0)))
    import bluetooth

    from boards.parts.ble_link import BleLink

    bluetooth.radio_port = int(options["radio"])  # type: ignore[attr-defined] - of the stand-in
    return BleLink(options["serial_number"])


async def main(options: dict[str, str]) -> None:
    made = drivers(options)
    background = made.pop("background")
    from firmware.terminal import Drivers, run  # after the frame buffer has its place in the heap

    await run(Drivers(**made))
    await asyncio.gather(*background)
