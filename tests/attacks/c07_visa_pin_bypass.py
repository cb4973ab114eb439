"""Attacker: a stolen plastic Visa card over a relay that rewrites 9F6C: verified on the device, no online PIN. 80,00.

Zinc: above the limit a bare CTQ counts only when fDDA signs it or a wallet gives it; else the PIN is asked online.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

VERIFIED_ON_DEVICE = b"\x00\x80"


class Relay(Shim):
    def answer(self, apdu: bytes) -> bytes:
        return rewritten(super().answer(apdu), {0x9F6C: VERIFIED_ON_DEVICE})


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        relay = Relay(SimulatedCard.load("cb_visa_debit"))
        return paid(await shop.pay(relay, "contactless", 8000), "pin_wrong")
