"""Attacker: pulls the card and inserts another while the PIN is typed, or while the issuer is asked: one that says yes.

Zinc: a card that left is gone, however fast another comes: the payment ends, the PIN is wiped, an approval undone.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import DONE, GENERATE_AC
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

REMOVED, OWED = "card_removed", "card_removed_reversal_owed"


class YesCard:
    """Says yes to whatever it is asked, without having been asked what came before."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def power_on(self, interface: str) -> bytes:
        return bytes.fromhex("3B600000")

    def transmit(self, apdu: bytes) -> bytes:
        self.heard.append(apdu[1])
        if apdu[1] != GENERATE_AC:
            return DONE
        return bytes.fromhex("8012 40 002A C0FFEEC0FFEEC0FF 06011203A40000") + DONE


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        yes = YesCard()

        async def while_typing() -> None:
            await shop.reader.press("1", "2")
            await shop.reader.insert(yes)
            await shop.reader.press("3", "4", "OK")

        async def while_asking() -> None:
            await shop.reader.insert(yes)
            shop.bank.open.set()

        card = SimulatedCard.load("visa_credit")
        shop.bank.open.clear()
        if paid(await shop.pay(card, "contact", pin=card.pin, acts={"going_online": while_asking}), OWED):
            return True
        assert GENERATE_AC not in yes.heard
        return paid(await shop.pay(card, "contact", acts={"enter_pin": while_typing}), REMOVED)
