"""Attacker: a chip that says what no card says, to crash the reader, to hang it, or to eat its memory.

Zinc: each ends in words within seconds, the heap is as before, and the next sale works.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from emv import tlv
from tests.attacks.shim import DONE, GET_PROCESSING_OPTIONS, READ_RECORD, SELECT, Shim, extended, rewritten
from tests.attacks.shop import Shop
from tools.simulators.card import SimulatedCard

HANG_S = 20  # five seconds, with room for a busy machine: a hang has no end
HEAP_MAY_GROW = 1024
GET_RESPONSE = 0xC0
Answer = Callable[[bytes, bytes], bytes]  # command and honest answer to the answer given


def nested(depth: int) -> bytes:
    """As deep as an answer can hold: a template is two bytes, longer ones three or four."""
    data = b""
    while depth and len(data) < 250:
        data, depth = tlv.encode(0x70, data), depth - 1
    return data


def on(instruction: int, lie: Callable[[bytes], bytes]) -> Answer:
    return lambda command, honest: lie(honest) if command[1] == instruction and honest.endswith(DONE) else honest


def endless_directory(command: bytes, honest: bytes) -> bytes:
    return nested(1000) + DONE if command[1] == READ_RECORD else honest


def directory_of(entries: int) -> Answer:
    """So many names as one answer holds, in the directory's template."""
    entry = tlv.encode(0x61, tlv.encode(0x4F, bytes.fromhex("A000000003")))
    body = tlv.encode(0xBF0C, entry * entries)
    return on(SELECT, lambda honest: tlv.encode(0x6F, tlv.encode(0xA5, body))[:256] + DONE)


LABEL = b"\x1b[2J" + b"A" * 60
LIES: dict[str, Answer] = {
    "a directory without end": endless_directory,
    "a length of 84 FFFFFFFF": on(SELECT, lambda honest: bytes.fromhex("6F84FFFFFFFF") + DONE),
    "templates in templates": on(READ_RECORD, lambda honest: nested(1000) + DONE),
    "a locator of file 0": on(GET_PROCESSING_OPTIONS, lambda honest: rewritten(honest, {0x94: b"\x00\x01\x01\x00"})),
    "a locator of file 31": on(GET_PROCESSING_OPTIONS, lambda honest: rewritten(honest, {0x94: b"\xf8\x01\x01\x00"})),
    "255 records": on(GET_PROCESSING_OPTIONS, lambda honest: rewritten(honest, {0x94: b"\x08\x01\xff\x00"})),
    "a record of 255 bytes": on(READ_RECORD, lambda honest: bytes.fromhex("7081FC") + bytes(252) + DONE),
    "61 01 for ever": lambda command, honest: b"\x61\x01",
    "61 FF with data for ever": lambda command, honest: bytes(255) + b"\x61\xff",
    "6C FF for ever": lambda command, honest: b"\x6c\xff",
    "one byte": lambda command, honest: b"\x60",
    "a label that clears the screen": on(SELECT, lambda honest: rewritten(honest, {0x50: LABEL})),
    "a PDOL of 252 bytes": on(SELECT, lambda honest: rewritten(honest, {0x9F38: bytes.fromhex("9F02FC")})),
    "a PDOL of too much": on(SELECT, lambda honest: rewritten(honest, {0x9F38: bytes.fromhex("9F02FF9F03FF")})),
    "a directory of 60 names": directory_of(60),
    "an object after the template": on(READ_RECORD, lambda honest: honest[:-2] + b"\x5a\x00" + DONE),
    "a second template": on(READ_RECORD, lambda honest: extended(honest, 0x70, tlv.encode(0x70, b""))),
}


class Malicious(Shim):
    def __init__(self, lie: Answer) -> None:
        super().__init__(SimulatedCard.load("visa_credit"))
        self._lie = lie

    def answer(self, apdu: bytes) -> bytes:
        return self._lie(apdu, b"\x6f\x00" if apdu[1] == GET_RESPONSE else super().answer(apdu))


async def survives(shop: Shop, lie: Answer, interface: str) -> bool:
    """Does the payment end in time, and never by a fault of the reader?"""
    try:
        payment = await shop.pay(Malicious(lie), interface, pin="246810", deadline_s=HANG_S)
    except TimeoutError:
        return False
    return not (payment.why or "").startswith("reader_fault")


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        before = await heap_after_sales(shop)
        for lie in LIES.values():
            for interface in ("contact", "contactless"):
                if not await survives(shop, lie, interface):
                    return True
        return await heap_after_sales(shop) > before + HEAP_MAY_GROW


async def heap_after_sales(shop: Shop) -> int:
    card = SimulatedCard.load("visa_credit")
    for interface in ("contact", "contactless"):
        assert (await shop.pay(card, interface, pin=card.pin)).approved
    return (await shop.reader.heap())["used"]
