"""The other end of the emulated slot and field (boards/emulator/card_slot.py): holds the card and lets it answer."""

from __future__ import annotations

import asyncio

from boards.emulator import wire
from tools.emulator.card import Card, CardGone
from tools.emulator.frames import FrameServer


class CardServer:
    """One card at a time. A card works in a thread: a real one behind PC/SC takes its time."""

    def __init__(self) -> None:
        self.frames = FrameServer(self._take, self._joined)
        self.fault: Exception | None = None  # a card that broke is a fault of the test bench, never a card's answer
        self._card: Card | None = None
        self._interface = ""
        self._crowded = False

    async def put_in(self, card: Card, interface: str) -> None:
        if self._card is not None:
            await self.take_out()
        self._card, self._interface = card, interface
        self.frames.send(wire.CARD_IN, interface.encode())

    async def put_beside(self) -> None:
        """Another card, which is never asked anything: two at a time cannot be."""
        self._crowded = True
        self.frames.send(wire.CARD_BESIDE)

    async def take_out(self) -> None:
        self._card, self._crowded = None, False
        self.frames.send(wire.CARD_OUT)

    def _joined(self) -> None:
        if self._card is not None:
            self.frames.send(wire.CARD_IN, self._interface.encode())
        if self._crowded:
            self.frames.send(wire.CARD_BESIDE)

    async def _take(self, kind: int, payload: bytes) -> None:
        if kind in (wire.POWER_ON, wire.COMMAND):
            await self._ask(kind, payload[:1], payload[1:])

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
        except Exception as error:  # noqa: BLE001 - told to whoever waits for the reader
            self.fault = error
            await self.take_out()
            return
        if answer and card is self._card:
            self.frames.send(wire.ANSWER, sequence + answer)
