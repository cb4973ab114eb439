"""Attacker: a shim adds objects to records: a second account number, the terminal's 9F34 and 95, a track 2 of others.

Zinc: an object that comes twice ends the transaction, account numbers must agree, and objects that are the terminal's
are not taken from a card.
"""

from __future__ import annotations

from pathlib import Path

from emv import tlv
from tests.attacks.shim import READ_RECORD, Shim, extended, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

FIRST_FILE = bytes((1, 1 << 3 | 4))  # where our cards keep what nobody signed
OTHER_NUMBER = tlv.encode(0x5A, bytes.fromhex("4970109876543205"))
OTHER_TRACK = bytes.fromhex("4970109876543205D49122010000012300000F")
PIN_WAS_RIGHT, ALL_WELL = tlv.encode(0x9F34, b"\x01\x03\x02"), tlv.encode(0x95, bytes(5))


class Smuggler(Shim):
    def __init__(self, more: bytes = b"", track2: bytes | None = None) -> None:
        super().__init__(SimulatedCard.load("cb_visa_debit"))
        self._more = more
        self._values = {0x57: track2} if track2 else {}

    def answer(self, apdu: bytes) -> bytes:
        answer = super().answer(apdu)
        if apdu[1] == READ_RECORD and apdu[2:4] == FIRST_FILE and self.is_application(answer):
            return rewritten(extended(answer, 0x70, self._more), dict(self._values))
        return answer

    @staticmethod
    def is_application(answer: bytes) -> bool:
        return any(tag == 0x57 for tag, _ in tlv.objects(answer[:-2]))


async def attack(folder: Path) -> bool:
    async with Shop(folder) as shop:
        twice = paid(await shop.pay(Smuggler(OTHER_NUMBER), "contact", pin="1234"), "card_unreadable")
        track = paid(await shop.pay(Smuggler(track2=OTHER_TRACK), "contact", pin="1234"), "card_unreadable")
        terminals = Smuggler(PIN_WAS_RIGHT + ALL_WELL)
        assert (await shop.pay(terminals, "contact", pin="1234")).approved
        told = shop.bank.told()
        assert (told[0x9F34], told[0x95]) != (b"\x01\x03\x02", bytes(5))
        return twice or track
