"""Attacker: a wedge in front of a stolen chip card says 9000 to VERIFY; the card never hears of a PIN.

Zinc: 9F34 and 9F10 go online together, and the issuer sees that the card knows of no PIN. Offline such a PIN is none.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import DONE, VERIFY, Shim
from tests.attacks.shop import Shop, paid
from tools.simulators.acquirer.behaviour import Behaviour
from tools.simulators.card import SimulatedCard


class Wedge(Shim):
    def answer(self, apdu: bytes) -> bytes:
        return DONE if apdu[1] == VERIFY else super().answer(apdu)


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        wedge = Wedge(SimulatedCard.load("cb_visa_debit"))
        online = paid(await shop.pay(wedge, "contact"), "declined_by_issuer")
        assert wedge.asked(VERIFY)
        shop.acquirer.mood.set(Behaviour("error", requests=1))
        offline = paid(await shop.pay(wedge, "contact"), "no_answer")
        return online or offline
