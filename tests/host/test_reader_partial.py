"""A part is approved: issuer, card and reader, face to face, with keys that are real (terminal/T-R07)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from emv import tlv
from emv.certificates.ca_keys import CaKey
from tests.support.sale_bench import SaleBench
from tools import profiles
from tools.simulators import personalisation, scheme
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer, IssuerAnswer, IssuerRequest

AVAILABLE_MINOR = 800
_ISSUER_AUTHENTICATION_FAILED = 0x40  # TVR byte 5


def prepaid(name: str) -> personalisation.Personalisation:
    person = personalisation.load(name)
    account = replace(person.account, available_minor=AVAILABLE_MINOR, in_part=True)
    return replace(person, account=account)


def authorised(bank: Issuer, person: personalisation.Personalisation, request: dict, pin: str | None) -> IssuerAnswer:
    asked = IssuerRequest(
        person.pan, None, person.expiry, request["amount_minor"], 978, request["icc_data"], pin, partial=True
    )
    return bank.authorise(asked)


@pytest.mark.covers("terminal/T-R07")
@pytest.mark.parametrize("accepted", ["yes", "no"])
@pytest.mark.parametrize("interface", ["contact", "contactless"])
@pytest.mark.parametrize("name", ["cb_visa_debit", "mastercard_credit"])  # response by method 2 and by method 1
def test_a_part_that_the_issuer_signed(name: str, interface: str, accepted: str) -> None:
    keys = [row.ca_public_key for row in scheme.schemes()]
    france = profiles.france([CaKey(key.rid, key.index, key.modulus, key.exponent, key.checksum) for key in keys])
    person = prepaid(name)
    bank, simulated = Issuer(lambda: date(2026, 11, 21), [person]), SimulatedCard(person)

    async def pay() -> dict:
        async with SaleBench(None, profile=france) as bench:
            transaction_id = await bench.begun()
            simulated.power_on(interface)
            bench.board.card_reader.put(interface, lambda command: simulated.transmit(bytes(command)))
            if interface == "contact":
                await bench.board.display.until("enter_pin")
                bench.board.keypad.press(*simulated.pin, "OK")
            request = await bench.hear("online_request")
            answer = authorised(bank, person, request, simulated.pin if "pin_block" in request else None)
            assert (answer.response_code, answer.authorised_minor) == ("10", AVAILABLE_MINOR)
            data = tlv.encode(0x91, answer.authentication or b"")
            await bench.answer(transaction_id, b"10", authorised_minor=AVAILABLE_MINOR, icc_data=data)
            question = await bench.hear("confirmation_request")
            assert (question["what"], question["amount_minor"]) == ("partial_amount", AVAILABLE_MINOR)
            payment = bench.terminal.payment
            assert payment is not None
            transaction = payment.card
            if interface == "contact":
                assert not transaction.has_bit(0x95, 5, _ISSUER_AUTHENTICATION_FAILED)
                assert transaction.data[0x9F27][0] & 0xC0 == 0x40 and transaction.data[0x8A] == b"10"
            await bench.say({"type": "confirmation", "transaction_id": transaction_id, "accepted": accepted})
            return await bench.hear("result")

    result = asyncio.run(pay())
    if accepted == "yes":
        assert (result["outcome"], result["amount_minor"]) == ("approved", AVAILABLE_MINOR)
    else:
        assert (result["outcome"], result["why"]) == ("declined", "partial_refused_reversal_owed")
