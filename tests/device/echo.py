"""A reader that is not a terminal: it answers each chunk of the line, key and card. For tests of the board alone.

From the host: "COUNT" gives the bytes received since, "SEND n" gives n bytes in pieces of 500, anything else comes back.
"""

from __future__ import annotations

import asyncio

from boards.emulator.main import drivers


async def main(options: dict[str, str]) -> None:
    made = drivers(options)
    made["display"].show("idle")
    await asyncio.gather(_serve_line(made["links"][0]), _serve_keys(made), _serve_cards(made), *made["background"])


async def _serve_line(link) -> None:
    while True:
        await link.connected()
        received = 0
        chunk = await link.receive()
        while chunk:
            try:
                if chunk[:4] == b"SEND":
                    for _ in range(int(chunk[5:]) // 500):
                        await link.send(bytes(500))
                elif chunk == b"COUNT":
                    await link.send(b"%d" % received)
                    received = 0
                elif chunk[:4] == b"BULK":
                    received += len(chunk)
                else:
                    await link.send(chunk)
            except Exception as error:  # noqa: BLE001 - the host is gone: the next receive says so
                print("send:", repr(error))
            chunk = await link.receive()


async def _serve_keys(made: dict) -> None:
    while True:
        key = await made["keypad"].key()
        made["beeper"].beep(key)
        made["display"].show("key " + key)


async def _serve_cards(made: dict) -> None:
    reader = made["card_reader"]
    while True:
        reader.arm(True, True)
        interface = await reader.present()
        made["beeper"].lights(4)
        try:
            data, sw1, sw2 = reader.transmit(b"\x00\xa4\x04\x00\x00")
            made["display"].show("%s %s %02X%02X" % (interface, data.hex(), sw1, sw2))
        except Exception as error:  # noqa: BLE001 - shown by name
            made["display"].show(type(error).__name__)
        await reader.removed()
        made["beeper"].lights(0)
        made["display"].show("idle")
