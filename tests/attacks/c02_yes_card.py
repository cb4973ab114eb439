"""Attacker: a copy of a card of static authentication: true records, any PIN is right, the same cryptogram for ever.

Zinc: SDA is noted in the TVR and goes online; a TC that was not asked for is no approval, a constant AC no proof.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.shim import DONE, GENERATE_AC, GET_DATA, VERIFY, Shim
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

TC, ARQC = "40", "80"
SDA_SELECTED = 0x02


class YesCard(Shim):
    def __init__(self, kind: str) -> None:
        super().__init__(SimulatedCard.load("sda_legacy"))
        self._cryptogram = f"7726 9F2701{kind} 9F3602002A 9F2608 C0FFEEC0FFEEC0FF 9F1007 06011203A40000"

    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] == VERIFY:
            return DONE
        if apdu[1] == GENERATE_AC:
            body = bytes.fromhex(self._cryptogram)[2:]
            return bytes((0x77, len(body))) + body + DONE
        return bytes.fromhex("9F170103") + DONE if apdu[1] == GET_DATA else super().answer(apdu)


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        approved = paid(await shop.pay(YesCard(TC), "contact"), "card_unreadable")
        asked = paid(await shop.pay(YesCard(ARQC), "contact"), "declined_by_issuer")
        assert shop.bank.told()[0x95][0] & SDA_SELECTED
        return approved or asked
