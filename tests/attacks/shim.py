"""A shim: sits between the reader and a card, hears what they say and changes it."""

from __future__ import annotations

from emv import tlv
from tools.emulator.card import Card

GENERATE_AC = 0xAE
GET_DATA = 0xCA
GET_PROCESSING_OPTIONS = 0xA8
READ_RECORD = 0xB2
SELECT = 0xA4
VERIFY = 0x20
DONE = b"\x90\x00"


class Shim:
    """Passes all on; a subclass answers some commands its own way. `heard`: (command, answer) as the reader hears."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.heard: list[tuple[bytes, bytes]] = []

    def power_on(self, interface: str) -> bytes:
        return self.card.power_on(interface)

    def transmit(self, apdu: bytes) -> bytes:
        answer = self.answer(bytes(apdu))
        self.heard.append((bytes(apdu), answer))
        return answer

    def answer(self, apdu: bytes) -> bytes:
        return self.card.transmit(apdu)

    def asked(self, instruction: int) -> list[bytes]:
        """The commands with that instruction byte, in order."""
        return [command for command, _ in self.heard if command[1] == instruction]


def rewritten(answer: bytes, values: dict[int, bytes | None]) -> bytes:
    """An R-APDU with other values for its objects, wherever they stand; None takes one out."""
    return _rewritten(answer[:-2], values) + answer[-2:]


def _rewritten(data: bytes, values: dict[int, bytes | None]) -> bytes:
    written = b""
    for tag, start, end in tlv.children(data):
        if tlv.is_constructed(tag):
            value = _rewritten(data[start:end], values)
        else:
            new = values.get(tag, data[start:end])
            if new is None:
                continue
            value = new
        written += tlv.encode(tag, value)
    return written


def extended(answer: bytes, template: int, more: bytes) -> bytes:
    """An R-APDU that is one `template`, with more objects at its end."""
    start, end = tlv.only(answer[:-2], template)
    return tlv.encode(template, answer[start:end] + more) + answer[-2:]
