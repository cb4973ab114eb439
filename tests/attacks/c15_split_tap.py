"""Attacker: a stolen card, and a sale of 147,00 in three taps of 49,00, each below the limit of a PIN.

Zinc: the reader remembers what a card has tapped without PIN in the last minutes: beyond its limit it asks for one.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

PART_MINOR, PARTS = 4900, 3


async def attack(folder: Path) -> bool:
    card = SimulatedCard.load("cb_visa_debit")
    async with Shop(folder) as shop:
        parts = [paid(await shop.pay(card, "contactless", PART_MINOR), "pin_wrong") for _ in range(PARTS)]
        return all(parts)
