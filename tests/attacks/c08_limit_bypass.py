"""Attacker: a shim tells the card that no verification is required (9F66) and the reader that there was one (9F6C).

Zinc: the reader goes by its own limit and qualifiers, tells them to the issuer, and trusts no bare CTQ (C-07).
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import GET_PROCESSING_OPTIONS, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

QUALIFIERS_AT = 7  # in GET PROCESSING OPTIONS: header, template, then 9F66, which our cards ask for first
CVM_REQUIRED = 0x40
NOTHING, VERIFIED_ON_DEVICE = b"\x00\x00", b"\x00\x80"


class Liar(Shim):
    def __init__(self, told: bytes) -> None:
        super().__init__(SimulatedCard.load("cb_visa_debit"))
        self._told = told

    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] != GET_PROCESSING_OPTIONS:
            return super().answer(apdu)
        changed = bytearray(apdu)
        changed[QUALIFIERS_AT + 1] &= ~CVM_REQUIRED
        return rewritten(super().answer(bytes(changed)), {0x9F6C: self._told})


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        silent = paid(await shop.pay(Liar(NOTHING), "contactless", 8000), "declined_by_card")
        boasting = paid(await shop.pay(Liar(VERIFIED_ON_DEVICE), "contactless", 8000), "pin_wrong")
        assert shop.bank.told()[0x9F66][1] & CVM_REQUIRED
        return silent or boasting
