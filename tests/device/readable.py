"""A reader with a characteristic that the host may read, until "forbid" is written to it: raw use of `bluetooth`."""

from __future__ import annotations

import asyncio

import bluetooth

from boards.emulator.main import drivers

SERVICE = "7a1c0001-5f0e-4c2b-9d53-2b1f7c6e9a40"
READABLE = "7a1c0009-5f0e-4c2b-9d53-2b1f7c6e9a40"
IRQ_GATTS_READ_REQUEST = 4
READ_NOT_PERMITTED = 0x02


async def main(options: dict[str, str]) -> None:
    made = drivers(options)
    ble = bluetooth.BLE()
    flags = bluetooth.FLAG_READ | bluetooth.FLAG_WRITE
    asked = ((bluetooth.UUID(SERVICE), ((bluetooth.UUID(READABLE), flags),)),)
    ((handle,),) = ble.gatts_register_services(asked)
    ble.gatts_write(handle, b"read me")

    def on_irq(event: int, _: tuple) -> int:
        forbidden = ble.gatts_read(handle) == b"forbid"
        return READ_NOT_PERMITTED if event == IRQ_GATTS_READ_REQUEST and forbidden else 0

    ble.irq(on_irq)
    ble.gap_advertise(100_000, b"\x02\x01\x06\x11\x07" + bytes(bluetooth.UUID(SERVICE)))
    made["display"].show("idle")
    await asyncio.gather(*made["background"])
