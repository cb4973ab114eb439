"""Attacker: a relay between the till and a card far away; it only takes longer: 20, 100 or 500 ms for each command.

Zinc: a Mastercard that knows the relay resistance protocol is timed, and one too far away declined; of others the time
of each command is in the trace; nothing hangs.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from tests.attacks.shim import Shim
from tests.attacks.shop import Shop, paid
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

DELAYS_MS = (20, 100, 500)
NOTICED_MS = 100  # of a relay: below it a card may just be slow
RELAY_RESISTANCE = b"\x19\x81"  # 82 of a card that has the protocol


class Relay(Shim):
    def __init__(self, card: SimulatedCard, delay_ms: int) -> None:
        super().__init__(card)
        self._delay_ms = delay_ms

    def answer(self, apdu: bytes) -> bytes:
        time.sleep(self._delay_ms / 1000)
        return super().answer(apdu)


def with_protocol() -> SimulatedCard:
    card = personalisation.load("mastercard_credit")
    taps = tuple(replace(row, interchange_profile=RELAY_RESISTANCE) for row in card.contactless)
    return SimulatedCard(replace(card, contactless=taps))


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        mastercard, visa = with_protocol(), SimulatedCard.load("cb_visa_debit")
        for delay_ms in DELAYS_MS:
            approved = paid(await shop.pay(Relay(mastercard, delay_ms), "contactless"), "declined_by_card")
            if approved and delay_ms >= NOTICED_MS:
                return True
            payment = await shop.pay(Relay(visa, delay_ms), "contactless")
            assert payment.approved
            assert all(row[2] >= delay_ms for row in (await shop.trace(payment))["apdus"])
        return False
