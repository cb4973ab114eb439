"""Attacker: a wedge clears what the card says of its authentication (82): none is made, and records can be false.

Zinc: what was not authenticated is noted in the TVR; in France the reader asks such a card for a decline only.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import GENERATE_AC, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

NO_AUTHENTICATION, STATIC = b"\x1c\x00", b"\x5c\x00"
DECLINE = 0x00


class Wedge(Shim):
    """`listed`: 9F4A stays in the records, by which the profile is among what the issuer has signed."""

    def __init__(self, profile: bytes, listed: bool) -> None:
        super().__init__(SimulatedCard.load("visa_credit"))
        self._changes: dict[int, bytes | None] = {0x82: profile}
        if not listed:
            self._changes[0x9F4A] = None

    def answer(self, apdu: bytes) -> bytes:
        return rewritten(super().answer(apdu), self._changes)


async def attack(folder: Path) -> bool:
    """The attacker wants to be asked for more than a decline."""
    wedges = [Wedge(profile, listed) for profile in (NO_AUTHENTICATION, STATIC) for listed in (True, False)]
    async with Shop(folder) as shop:
        for wedge in wedges:
            paid(
                await shop.pay(wedge, "contact", pin="246810"),
                "card_not_genuine",
                "declined_by_card",
                "declined_by_issuer",
            )
    first = [wedge.asked(GENERATE_AC)[0] for wedge in wedges]
    return any(command[2] & 0xC0 != DECLINE for command in first)
