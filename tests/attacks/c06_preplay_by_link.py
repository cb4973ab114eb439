"""Attacker: a cryptogram skimmed earlier, for a number of the attacker's; a rogue host puts that number into field 55.

Zinc: the reader's MAC covers field 55 and the amount as the reader made them, so the acquirer refuses what was changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from emv import apdu as commands
from emv import tlv
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money
from host.payment.ports import Acquirer
from tests.attacks.shim import DONE, GET_PROCESSING_OPTIONS, Shim, rewritten
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

VISA = bytes.fromhex("A0000000031010")
QUALIFIERS = bytes.fromhex("34804000")
NUMBER = bytes.fromhex("00C0FFEE")
AMOUNT = bytes.fromhex("000000001250")


def skimmed() -> bytes:
    """The victim's answer to the attacker's own terminal."""
    card = SimulatedCard.load("cb_visa_debit")
    card.power_on("contactless")
    card.transmit(commands.select(VISA))
    asked = (
        bytes.fromhex("34804000")
        + AMOUNT
        + bytes(6)
        + b"\x02\x50"
        + bytes(5)
        + b"\x09\x78"
        + today()
        + b"\x00"
        + NUMBER
    )
    return card.transmit(commands.get_processing_options(asked))


def today() -> bytes:
    return bytes.fromhex(f"{datetime.now(UTC):%y%m%d}")


class Replayed(Shim):
    def __init__(self, cryptogram: bytes) -> None:
        super().__init__(SimulatedCard.load("cb_visa_debit"))
        self._cryptogram = cryptogram

    def answer(self, apdu: bytes) -> bytes:
        return self._cryptogram if apdu[1] == GET_PROCESSING_OPTIONS else super().answer(apdu)


class RogueHost:
    """Changes what the reader asks before the acquirer hears it."""

    def __init__(self, acquirer: Acquirer) -> None:
        self._acquirer = acquirer
        self.changes: dict[int, bytes | None] = {}

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        data = rewritten(request.icc_data + DONE, self.changes)[:-2]
        amount = Money(int(dict(tlv.objects(data))[0x9F02].hex()))
        return await self._acquirer.authorise(replace(request, icc_data=data, amount=amount))


async def attack(folder: Path) -> bool:
    hosts: list[RogueHost] = []

    def rogue(acquirer: Acquirer) -> RogueHost:
        hosts.append(RogueHost(acquirer))
        return hosts[0]

    cryptogram = skimmed()
    async with Shop(folder, rogue) as shop:
        hosts[0].changes = {0x9F37: NUMBER, 0x9A: today()}
        number = paid(await shop.pay(Replayed(cryptogram), "contactless"), "declined_by_issuer")
        hosts[0].changes = {0x9F02: AMOUNT}
        amount = paid(await shop.pay(SimulatedCard.load("cb_visa_debit"), "contactless", 2500), "declined_by_issuer")
        return number or amount
