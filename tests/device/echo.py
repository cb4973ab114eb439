"""A reader that is not a terminal: it answers each byte of the line, each key and each card. To test the board alone.

The line opens with one byte: "E" gives all that follows back, "S" and a u32 wants so many bytes, "C" and a u32 counts
that many and says "done".
"""

from __future__ import annotations

import asyncio
import struct

from boards.emulator.main import drivers
from firmware.errors import CardError, LinkLost


async def main(options: dict[str, str]) -> None:
    made = drivers(options)
    made["display"].show("idle")
    await asyncio.gather(serve_line(made["links"][0]), serve_keys(made), serve_cards(made), *made["background"])


async def serve_line(link) -> None:
    while True:
        await link.connected()
        try:
            await serve_host(link)
        except LinkLost:
            pass


async def serve_host(link) -> None:
    """Until the host is gone."""
    request = await link.receive()
    while request:
        if request[:1] == b"E":
            await link.send(request[1:])
        else:
            (left,) = struct.unpack(">I", request[1:5])
            await (give(link, left) if request[:1] == b"S" else count(link, left - len(request[5:])))
        request = await link.receive()


async def give(link, left: int) -> None:
    start = 0
    while left:
        piece = bytes([(start + i) & 0xFF for i in range(min(left, 500))])
        await link.send(piece)
        start += len(piece)
        left -= len(piece)


async def count(link, left: int) -> None:
    while left:
        chunk = await link.receive()
        if not chunk:
            return
        left -= len(chunk)
    await link.send(b"done")


async def serve_keys(made: dict) -> None:
    while True:
        key = await made["keypad"].key()
        if key == "MENU":
            made["storage"].append("keys", b"MENU")
        made["beeper"].beep("key")
        made["display"].show("key " + key)


async def serve_cards(made: dict) -> None:
    reader = made["card_reader"]
    while True:
        reader.arm(True, True)
        interface = await reader.present()
        made["beeper"].lights(4)
        try:
            data, sw1, sw2 = reader.transmit(b"\x00\xa4\x04\x00\x00")
            made["display"].show(f"{interface} {data.hex()} {sw1:02X}{sw2:02X}")
        except CardError as error:
            made["display"].show(error.why)
        await reader.removed()
        made["beeper"].lights(0)
        made["display"].show("idle")
