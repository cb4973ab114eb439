"""Attacker: a shim in the slot rewrites the CVM list (8E) so that the reader hands it the PIN in clear, in VERIFY.

Zinc: by a list that nobody vouches for no plaintext PIN is asked: the PIN goes online, or the payment is declined.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from emv import tlv
from tests.attacks.shim import VERIFY, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.personalisation import Application, Personalisation, Records

PLAINTEXT_PIN = bytes(8) + b"\x01\x03"
NO_AUTHENTICATION = b"\x1c\x00"
REFUSALS = ("card_not_genuine", "pin_wrong", "declined_by_card", "declined_by_issuer")


class LooseList(Personalisation):
    """A genuine card whose issuer did not sign the list."""

    def contact_records(self, application: Application) -> Records:
        made = super().contact_records(application)
        public, static = made.files[1][0], rewritten(made.files[2][0] + bytes(2), {0x8E: None})[:-2]
        public += tlv.encode(0x8E, application.cvm_list)
        return Records({1: [public], 2: [static], 3: self._keys(application, static)}, signed=2)


def loose(card: Personalisation) -> Personalisation:
    return LooseList(**{field.name: getattr(card, field.name) for field in fields(card)})


class Shimmed(Shim):
    def __init__(self, card: SimulatedCard, profile: bytes | None = None) -> None:
        super().__init__(card)
        self._changes: dict[int, bytes | None] = {0x8E: PLAINTEXT_PIN}
        if profile:
            self._changes[0x82] = profile

    def answer(self, apdu: bytes) -> bytes:
        return rewritten(super().answer(apdu), self._changes)


async def attack(folder: Path) -> bool:
    card = personalisation.load("visa_credit")
    shims = [
        Shimmed(SimulatedCard(card)),
        Shimmed(SimulatedCard(card), NO_AUTHENTICATION),
        Shimmed(SimulatedCard(loose(card))),
    ]
    async with Shop(folder) as shop:
        for shim in shims:
            without_pin = paid(await shop.pay(shim, "contact", pin=card.pin), *REFUSALS)
            if without_pin or shim.asked(VERIFY):
                return True
    return False
