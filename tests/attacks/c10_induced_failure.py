"""Attacker: a relay names a CA key that nobody has (8F) and takes the PIN out of the CVM list (8E). 80,00 without PIN.

Zinc: a transaction whose data authentication fails is declined, by policy and by TAC: failing gains nothing.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

UNKNOWN_KEY = b"\x00"
NO_CVM = bytes(8) + b"\x1f\x00"


class Relay(Shim):
    def answer(self, apdu: bytes) -> bytes:
        return rewritten(super().answer(apdu), {0x8F: UNKNOWN_KEY, 0x8E: NO_CVM})


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        return paid(await shop.pay(Relay(SimulatedCard.load("visa_credit")), "contact", 8000), "card_not_genuine")
