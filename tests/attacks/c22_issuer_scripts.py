"""Attacker: answers with issuer scripts: longer than the books allow, or put in on the way by a rogue host.

Zinc: above 128 bytes none is performed, which the TVR tells; an answer whose MAC does not cover its scripts is none.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from emv import tlv
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.payment.ports import Acquirer
from tests.attacks.shim import Shim
from tests.attacks.shop import Shop, paid
from tools.simulators.card import SimulatedCard

PIN_CHANGE = 0x24
SCRIPT = tlv.encode(0x72, tlv.encode(0x86, bytes.fromhex("8424000208") + bytes(8)))
SCRIPT_FAILED_AFTER = 0x10


class RogueHost:
    def __init__(self, acquirer: Acquirer) -> None:
        self._acquirer = acquirer
        self.scripts = b""

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        answer = await self._acquirer.authorise(request)
        return replace(answer, icc_data=answer.icc_data + self.scripts)


async def attack(folder: Path) -> bool:
    hosts: list[RogueHost] = []

    def rogue(acquirer: Acquirer) -> RogueHost:
        hosts.append(RogueHost(acquirer))
        return hosts[0]

    async with Shop(folder, rogue) as shop:
        card = Shim(SimulatedCard.load("cb_visa_debit"))
        shop.bank.scripts = [SCRIPT] * 8
        payment = await shop.pay(card, "contact", pin="1234")
        assert payment.approved and dict(tlv.objects(payment.icc_data))[0x95][4] & SCRIPT_FAILED_AFTER
        shop.bank.scripts = []
        hosts[0].scripts = SCRIPT
        forged = paid(await shop.pay(card, "contact", pin="1234"), "answer_not_authentic")
        return forged or bool(card.asked(PIN_CHANGE))
