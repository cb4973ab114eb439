"""The other end of the emulated slot and field (boards/emulator/card_slot.py): holds the card and lets it answer."""

from __future__ import annotations

import asyncio

from boards.emulator import wire
from tools.emulator.card import Card, CardGone
from tools.emulator.frames import read_frame, write_frame


class CardServer:
    """One card at a time. A card works in a thread: a real one behind PC/SC takes its time."""

    def __init__(self, silent_after_ms: int) -> None:
        self.silent_after_ms = silent_after_ms
        self._card: Card | None = None
        self._interface = ""
        self._reader: asyncio.StreamWriter | None = None

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        self._server.close()

    async def put_in(self, card: Card, interface: str) -> None:
        if self._card is not None:
            await self.take_out()
        self._card, self._interface = card, interface
        self._tell(wire.CARD_IN, interface.encode())

    async def take_out(self) -> None:
        self._card = None
        self._tell(wire.CARD_OUT)

    def _tell(self, kind: int, payload: bytes = b"") -> None:
        if self._reader is not None:
            write_frame(self._reader, kind, payload)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = writer
        if self._card is not None:
            self._tell(wire.CARD_IN, self._interface.encode())
        try:
            while True:
                kind, payload = await read_frame(reader)
                if kind in (wire.POWER_ON, wire.COMMAND):
                    await self._ask(kind, payload[:1], payload[1:])
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _ask(self, kind: int, sequence: bytes, payload: bytes) -> None:
        card = self._card
        if card is None:
            return
        try:
            if kind == wire.COMMAND:
                answer = await asyncio.to_thread(card.transmit, payload)
            else:
                answer = await asyncio.to_thread(card.power_on, payload.decode())
        except CardGone:
            await self.take_out()
            return
        if answer and card is self._card:
            self._tell(wire.ANSWER, sequence + answer)
