"""PN532 NFC chip on I2C as the contactless field: ISO 14443-4 cards of type A and B (PN532 user manual, 6 and 7).

It is no EMV Level 1 reader: no field measurement, and of a card of each type at a time it sees the one of type A.
"""

from __future__ import annotations

import asyncio
import time

from firmware.errors import CardRemoved, CardSilent

_ADDRESS = 0x24
_READY = 1
_TO_CHIP = 0xD4
_START = b"\x00\x00\xff"
_ACK = b"\x00\x00\xff\x00\xff\x00"
_EXTENDED = b"\xff\xff"
_LONGEST_ANSWER = 275  # an extended frame with 256 bytes of data and status words

_DIAGNOSE_CARD = b"\x00\x06"
_SAM_NORMAL = b"\x14\x01\x14\x00"
_FIELD_OFF = b"\x32\x01\x00"
_ONE_TRY = b"\x32\x05\xff\x01\x01"
_LIST_TYPE_A = b"\x4a\x02\x00"  # two at most: to know that there is only one
_LIST_TYPE_B = b"\x4a\x02\x03\x00"
_EXCHANGE = b"\x40\x01"
_STATUS = 0x3F
_TIMEOUT = 0x01

_LOOK_EACH_S = 0.05
_CARD_MS = 5000
_CHIP_MS = 100


class Pn532:
    """`i2c` is a machine.I2C of 400 kHz at most."""

    def __init__(self, i2c) -> None:
        self._i2c = i2c
        self._armed = False
        self._card = False
        self._crowded = False
        self._ask(_SAM_NORMAL, _CHIP_MS)
        self._ask(_ONE_TRY, _CHIP_MS)

    def arm(self, contact: bool, contactless: bool) -> None:  # noqa: ARG002 - there is no slot
        self._armed = contactless
        if not contactless:
            self._card = False
            self._ask(_FIELD_OFF, _CHIP_MS)

    async def present(self) -> str:
        self._card = False
        found = 0
        while not found:
            await asyncio.sleep(_LOOK_EACH_S)
            found = self._find() if self._armed else 0
        self._card = found == 1
        self._crowded = found > 1
        return "several" if self._crowded else "contactless"

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        if not self._card:
            raise CardRemoved
        answer = self._ask(_EXCHANGE + command, _CARD_MS)
        status = answer[0] & _STATUS if answer else _TIMEOUT
        if status == _TIMEOUT:
            raise CardSilent
        if status or len(answer) < 3:
            self._card = False
            raise CardRemoved
        return answer[1:-2], answer[-2], answer[-1]

    def card_present(self) -> bool:
        self._card = self._card and self._ask(_DIAGNOSE_CARD, _CHIP_MS) == b"\0"
        return self._card

    async def removed(self) -> None:
        while self.card_present() or self._crowded:
            await asyncio.sleep(_LOOK_EACH_S)
            self._crowded = self._crowded and self._find() > 0

    def _find(self) -> int:
        """How many cards of one type there are."""
        for cards in (_LIST_TYPE_A, _LIST_TYPE_B):
            found = self._ask(cards, _CHIP_MS)
            if found and found[0]:
                return found[0]
        return 0

    def _ask(self, command: bytes, timeout_ms: int) -> bytes:
        """The chip's answer without its command code. Raises CardSilent when none comes in time."""
        self._i2c.writeto(_ADDRESS, frame_of(command))
        deadline: int = time.ticks_add(time.ticks_ms(), timeout_ms)  # type: ignore[assignment] - a name of its own
        if self._read(len(_ACK), deadline) != _ACK:
            raise OSError("PN532: no acknowledgement")
        return answer_in(self._read(_LONGEST_ANSWER, deadline))

    def _read(self, length: int, deadline: int) -> bytes:
        while not self._i2c.readfrom(_ADDRESS, 1)[0] & _READY:
            if time.ticks_diff(deadline, time.ticks_ms()) <= 0:
                raise CardSilent
            time.sleep_ms(1)
        return self._i2c.readfrom(_ADDRESS, 1 + length)[1:]


def frame_of(command: bytes) -> bytes:
    """A normal frame, an extended one for long commands (6.2.1.1, 6.2.1.2)."""
    length = 1 + len(command)
    if length > 255:
        sizes = bytes((length >> 8, length & 0xFF))
        head = _START + _EXTENDED + sizes + bytes((-sum(sizes) & 0xFF,))
    else:
        head = _START + bytes((length, -length & 0xFF))
    check = -(_TO_CHIP + sum(command)) & 0xFF
    return head + bytes((_TO_CHIP,)) + command + bytes((check, 0))


def answer_in(received: bytes) -> bytes:
    """What stands in a frame after the direction and the command code. Raises OSError when it is broken."""
    if received[:3] != _START:
        raise OSError("PN532: no frame")
    start, length = 5, received[3]
    if received[3:5] == _EXTENDED:
        start, length = 8, received[5] << 8 | received[6]
    body = received[start : start + length]
    if length < 2 or len(body) < length or (sum(body) + received[start + length]) & 0xFF:
        raise OSError("PN532: broken frame")
    return body[2:]
