"""Attacker: a locked telephone that pays at railway gates by itself, over a relay that makes a gate of the till.

Zinc: a shop never sets the bits of a gate, and the issuer hears form factor, CTQ and the merchant's category: it sees a
telephone that knows of no verification outside of a railway.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.attacks.shim import GET_PROCESSING_OPTIONS, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

QUALIFIERS_AT = 7
GATE, CVM_REQUIRED = 0x01, 0x40  # 9F66: data authentication although online; what the relay takes away
VERIFIED_ON_DEVICE = b"\x00\x80"


def locked_telephone() -> SimulatedCard:
    phone = personalisation.load("phone_wallet")
    return SimulatedCard(replace(phone, contactless=tuple(replace(row, cdcvm=False) for row in phone.contactless)))


class Relay(Shim):
    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] != GET_PROCESSING_OPTIONS:
            return super().answer(apdu)
        assert not apdu[QUALIFIERS_AT] & GATE
        changed = bytearray(apdu)
        changed[QUALIFIERS_AT] |= GATE
        changed[QUALIFIERS_AT + 1] &= ~CVM_REQUIRED
        unsigned: dict[int, bytes | None] = {0x9F4B: None, 0x94: None, 0x9F6C: VERIFIED_ON_DEVICE}
        return rewritten(super().answer(bytes(changed)), unsigned)


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        approved = paid(await shop.pay(Relay(locked_telephone()), "contactless", 100000), "declined_by_issuer")
        assert {0x9F15, 0x9F66, 0x9F6E} <= set(shop.bank.told())
        return approved
