"""Attacker: a shim lets the card think that the reader may stay offline, and flips the cryptogram (9F26) of its TC.

Zinc: a tap in France goes online whatever the card says, and the issuer sees a cryptogram that its card never made.
"""

from __future__ import annotations

from pathlib import Path

from emv import tlv
from tests.attacks.shim import GET_PROCESSING_OPTIONS, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

QUALIFIERS_AT = 7
ONLINE_REQUIRED = 0x80
APPROVED = b"\x40"


class Forger(Shim):
    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] != GET_PROCESSING_OPTIONS:
            return super().answer(apdu)
        changed = bytearray(apdu)
        changed[QUALIFIERS_AT + 1] &= ~ONLINE_REQUIRED
        answer = super().answer(bytes(changed))
        objects = dict(tlv.objects(answer[:-2]))
        assert objects[0x9F27] == APPROVED
        return rewritten(answer, {0x9F26: bytes(byte ^ 0xFF for byte in objects[0x9F26])})


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        return paid(await shop.pay(Forger(SimulatedCard.load("visa_credit")), "contactless"), "declined_by_issuer")
