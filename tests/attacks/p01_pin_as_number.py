"""Attacker: a rogue till names its programme so that the cardholder types a PIN where the reader asks for a number.

Zinc: the reader's own words ask for the number and show it in clear; what has the length of a PIN is wiped, and no
message of the line takes it either.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from host.terminal.connection import Message
from tests.attacks.shop import Shop, paid
from tools.emulator.emulator import Emulator
from tools.simulators.card import SimulatedCard

PIN = "1234"
END_S = 30


class Rogue:
    """In the place of the programme (host/terminal/loyalty.py); `typed` is what it got."""

    def __init__(self) -> None:
        self.typed: list[str] = []

    def greeting(self, result: Message) -> Message:
        del result
        return {"programme": "Tapez votre code secret"}

    def enrol(self, enrolment: Message) -> Message:
        self.typed.append(bytes(enrolment["mobile"]).decode())
        return {"standing": "joined", "points": 0}

    def refused(self, transaction_id: bytes) -> None:
        del transaction_id


async def attack(folder: Path) -> bool:
    rogue, card = Rogue(), SimulatedCard.load("cb_visa_debit")
    async with Shop(folder) as shop:
        shop.terminal.loyalty.programme = rogue
        assert paid(await shop.pay(card, "contactless"))
        await shop.reader.shows("loyalty_offer", END_S)
        await shop.reader.press("OK")
        await shop.reader.shows("enter_mobile", END_S)
        await shop.reader.press(*PIN, "OK")
        await asyncio.wait_for(_judged(shop.reader), END_S)
        if shop.reader.prompt == "ask_sms":
            await shop.reader.press("OK")
            await shop.reader.shows("loyalty_joined", END_S)
        return PIN in rogue.typed


async def _judged(reader: Emulator) -> None:
    """The reader goes on with what was typed, or is heard to refuse it."""
    changed = asyncio.Event()
    forget = reader.listen(changed.set)
    while reader.prompt != "ask_sms" and "alert" not in reader.beeps:
        changed.clear()
        await changed.wait()
    forget()
