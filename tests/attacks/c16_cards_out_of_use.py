"""Attacker: cards that are expired, not valid yet, blocked, of an unknown name, or of a brand that is not taken here.

Zinc: each has the outcome that the books give it; none is approved.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.attacks.shim import DONE, SELECT, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.emulator.card import Card
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer

APPLICATION_BLOCKED, CARD_BLOCKED = b"\x62\x83", b"\x6a\x81"
UNKNOWN, BRAND_NOT_TAKEN = "F00000000000", "A00000002501"
PIN = "246810"
NOT_YET_EFFECTIVE = 0x20


class BlockedApplication(Shim):
    """It still answers, and says so (Book 1, 12.3.1)."""

    def answer(self, apdu: bytes) -> bytes:
        answer = super().answer(apdu)
        is_application = apdu[1] == SELECT and apdu[5:6] == b"\xa0"
        return answer[:-2] + APPLICATION_BLOCKED if is_application and answer.endswith(DONE) else answer


class BlockedCard(Shim):
    def answer(self, apdu: bytes) -> bytes:
        return CARD_BLOCKED if apdu[1] == SELECT else super().answer(apdu)


class Renamed(Shim):
    """The application and its directory go by another name."""

    def __init__(self, aid: str) -> None:
        super().__init__(SimulatedCard.load("visa_credit"))
        self._aid = bytes.fromhex(aid)

    def answer(self, apdu: bytes) -> bytes:
        visa = bytes.fromhex("A0000000031010")
        answer = super().answer(apdu.replace(bytes((len(self._aid),)) + self._aid, bytes((len(visa),)) + visa))
        return rewritten(answer, {0x4F: self._aid, 0x84: self._aid}) if visa in answer else answer


def cards() -> list[tuple[Card, str, str]]:
    """Each with its interface, and why it is refused."""
    blocked, expired = SimulatedCard.load("visa_credit"), SimulatedCard.load("expired")
    return [
        (BlockedApplication(blocked), "contact", "card_not_accepted"),
        (BlockedApplication(blocked), "contactless", "card_not_accepted"),
        (BlockedCard(blocked), "contact", "card_not_accepted"),
        (Renamed(UNKNOWN), "contact", "card_not_accepted"),
        (Renamed(BRAND_NOT_TAKEN), "contactless", "card_not_accepted"),
        (expired, "contact", "card_expired"),
        (expired, "contactless", "card_expired"),
    ]


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        for card, interface, why in cards():
            if paid(await shop.pay(card, interface, pin=PIN), why):
                return True
        young = replace(personalisation.load("visa_credit"), effective="490101")
        shop.bank.issuer = Issuer(cards=[young])
        approved = paid(await shop.pay(SimulatedCard(young), "contact", pin=PIN), "declined_by_issuer")
        assert shop.bank.told()[0x95][1] & NOT_YET_EFFECTIVE
        return approved
