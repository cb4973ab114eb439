"""Attacker: a chip that lies about its tries, so that PINs can be tried at this reader for ever.

Zinc: never more PINs than the card said at first; the last try is announced, and a blocked PIN is not asked for.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import GET_DATA, VERIFY, Shim
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

TRIES = 3
PATIENCE = 6  # wrong PINs that the attacker types before giving up
GUESS, GIVE_UP = (*"0000", "OK"), ("CANCEL",)
LAST_TRY, BLACK = (20, 200), 0  # on the glass: its words are white on black
REFUSALS = ("pin_wrong", "pin_blocked", "declined_by_card", "declined_by_issuer", "cardholder_cancelled")


class Liar(Shim):
    """Has `tries` left, and two after each wrong PIN."""

    def __init__(self, tries: int) -> None:
        super().__init__(SimulatedCard.load("cb_visa_debit"))
        self._tries = tries

    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] == GET_DATA and apdu[2:4] == b"\x9f\x17":
            return bytes((0x9F, 0x17, 1, self._tries, 0x90, 0x00))
        return b"\x63\xc2" if apdu[1] == VERIFY else super().answer(apdu)


async def tries(shop: Shop, tries_said: int) -> int:
    """How many PINs the reader sent to a card that said it has so many left; the last one it has to announce."""
    liar = Liar(tries_said)

    async def guess() -> None:
        assert tries_said != 1 or liar.asked(VERIFY) or shop.reader.screen().getpixel(LAST_TRY) == BLACK
        await shop.reader.press(*GUESS if len(liar.asked(VERIFY)) < PATIENCE else GIVE_UP)

    paid(await shop.pay(liar, "contact", acts={"enter_pin": guess}), *REFUSALS)
    return len(liar.asked(VERIFY))


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        if await tries(shop, TRIES) > TRIES:
            return True
        assert await tries(shop, 1) == 1
        assert await tries(shop, 0) == 0
        return False
