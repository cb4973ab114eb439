"""The emulated chip slot and contactless field: the cards themselves live in the process that started the reader."""

from __future__ import annotations

import asyncio
import time

from boards.emulator import wire
from boards.emulator.frame_socket import FrameSocket
from firmware.errors import CardRemoved, CardSilent


class CardSlot:
    """`silent_after_ms`: how long a card may think; `before_command` is called ahead of each APDU."""

    def __init__(self, port: int, silent_after_ms: int, before_command) -> None:
        self._socket = FrameSocket(port)
        self._silent_after_ms = silent_after_ms
        self._before_command = before_command
        self._sequence = 0
        self._open = ()  # interfaces on which a card may come
        self._card = ""  # interface of the card that is there
        self._crowded = False  # and another one
        self._departures = 0  # so that a card is missed although another came at once (attacks/C-19)
        self._in_use = False  # that card was given out by `present`
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow what happens at the slot."""
        try:
            while True:
                self._note(*await self._socket.receive())
        except (EOFError, OSError):
            self._note(wire.CARD_OUT, b"")

    def arm(self, contact: bool, contactless: bool) -> None:
        self._open = (("contact",) if contact else ()) + (("contactless",) if contactless else ())
        if not self._open:
            self._in_use = False
            self._socket.send(wire.FIELD_OFF)
        self._changed.set()

    async def present(self) -> str:
        while self._card not in self._open:
            await self._change()
        if self._crowded:
            return "several"
        interface = self._card
        self._in_use = True
        try:
            self._ask(wire.POWER_ON, interface.encode())
        except (CardRemoved, CardSilent):
            pass  # the first command will say so
        return interface

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        self._before_command()
        answer = self._ask(wire.COMMAND, command)
        if len(answer) < 3:
            raise CardSilent
        return answer[1:-2], answer[-2], answer[-1]

    def card_present(self) -> bool:
        for frame in self._socket.arrived():
            self._note(*frame)
        return self._in_use

    async def removed(self) -> None:
        before = self._departures
        while self._card and self._departures == before:
            await self._change()

    def _ask(self, kind: int, payload: bytes) -> bytes:
        """The answer that carries this question's number: one to an earlier question came too late."""
        if not self.card_present():
            raise CardRemoved
        self._sequence = (self._sequence + 1) & 0xFF
        self._socket.send(kind, bytes((self._sequence,)) + payload)
        answer = self._wait_for_answer()
        self.card_present()  # takes what else has arrived
        if answer is None:
            raise CardRemoved
        return answer

    def _wait_for_answer(self) -> bytes | None:
        """None when the card left."""
        deadline = time.ticks_add(time.ticks_ms(), self._silent_after_ms)
        while self._in_use:
            left_ms = time.ticks_diff(deadline, time.ticks_ms())
            frame = self._socket.receive_blocking(left_ms) if left_ms > 0 else None
            if frame is None:
                raise CardSilent
            if frame[0] == wire.ANSWER and frame[1][0] == self._sequence:
                return frame[1]
            self._note(*frame)
        return None

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _note(self, kind: int, payload: bytes) -> None:
        if kind == wire.CARD_IN:
            self._card = payload.decode()
        elif kind == wire.CARD_BESIDE:
            self._crowded = True
        elif kind == wire.CARD_OUT:
            self._card, self._in_use, self._crowded = "", False, False
            self._departures += 1
        self._changed.set()
