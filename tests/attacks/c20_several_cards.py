"""Attacker: a second card in the field, or a tap beside an inserted card, so that the one is charged for the other.

Zinc: of several cards none is asked anything; the screen says to present one only, and that one pays.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import Shim
from tests.attacks.shop import Shop
from tools.simulators.card import SimulatedCard


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        for interface in ("contactless", "contact"):
            if not await pays_alone(shop, interface):
                return True
        return False


async def pays_alone(shop: Shop, interface: str) -> bool:
    """Is a card asked nothing as long as another is beside it, and then pays?"""
    card = Shim(SimulatedCard.load("visa_credit"))
    present = shop.reader.insert if interface == "contact" else shop.reader.tap
    asked_in_company: list[tuple[bytes, bytes]] = []

    async def alone() -> None:
        asked_in_company.extend(card.heard)
        await shop.reader.remove()
        await present(card)

    async def nothing() -> None:
        """It is there already."""

    await present(card)
    await shop.reader.tap_beside()
    at = len(shop.reader.pictures)
    payment = await shop.pay(card, interface, pin="246810", acts={"present_card": nothing, "one_card_only": alone})
    assert payment.approved
    return not asked_in_company and "one_card_only" in shop.reader.pictures[at:]
