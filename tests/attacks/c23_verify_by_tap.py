"""Attacker: a card in the field asks for an offline PIN (8E), to hear it through the air, or to have PINs tried unseen.

Zinc: over contactless no kernel sends VERIFY or reads the try counter; a PIN is for the issuer, when the card has gone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from emv import tlv
from tests.attacks.shim import GET_DATA, GET_PROCESSING_OPTIONS, VERIFY, Shim, extended, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

OFFLINE_PIN = bytes(8) + b"\x41\x00\x44\x00\x43\x00"
CAN_VERIFY = 0x10  # 82
AMOUNT_MINOR = 8000
REFUSALS = ("declined_by_card", "declined_by_issuer", "card_not_genuine", "pin_wrong")


class AskingVisa(Shim):
    """Kernel 3 reads no list; here is one all the same."""

    def answer(self, apdu: bytes) -> bytes:
        answer = super().answer(apdu)
        if apdu[1] != GET_PROCESSING_OPTIONS:
            return answer
        profile = bytearray(dict(tlv.objects(answer[:-2]))[0x82])
        profile[0] |= CAN_VERIFY
        return extended(rewritten(answer, {0x82: bytes(profile)}), 0x77, tlv.encode(0x8E, OFFLINE_PIN))


def asking_mastercard() -> Shim:
    """Its issuer has signed the list, so that nothing else is wrong with it."""
    card = personalisation.load("mastercard_credit")
    taps = tuple(replace(row, cvm_list=OFFLINE_PIN) for row in card.contactless)
    return Shim(SimulatedCard(replace(card, contactless=taps)))


async def attack(folder: Path) -> bool:
    cards = [asking_mastercard(), AskingVisa(SimulatedCard.load("cb_visa_debit"))]
    async with Shop(folder) as shop:
        for card in cards:
            paid(await shop.pay(card, "contactless", AMOUNT_MINOR), *REFUSALS)
            if card.asked(VERIFY) or card.asked(GET_DATA):
                return True
        return False
