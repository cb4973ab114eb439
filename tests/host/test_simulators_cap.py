"""EMV-CAP from end to end: a simulated card signs through the kernel, its issuer finds the card by the digits alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emv import cap
from emv.action import EnterPin, Finish, PinEntry, Send
from emv.cap import token
from emv.kernel import flow
from emv.profile import Application, Parameters
from tools.simulators import cap as issuer
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

_NAMES = {"mastercard_credit": "A0000000048002", "visa_credit": "A0000000038002", "cb_visa_debit": ""}


def issued(name: str) -> personalisation.Personalisation:
    """The card with an application of its own for this; `cb_visa_debit` has none and signs with the one that pays."""
    card = personalisation.load(name)
    own = [replace(card.contact[0], aid=bytes.fromhex(_NAMES[name]))] if _NAMES[name] else []
    return replace(card, contact=tuple(own) + card.contact)


def signed(card: SimulatedCard, digits: str, **more: object) -> tuple[cap.CapTransaction, str]:
    card.power_on("contact")
    paying = [
        Application(each.aid, b"\x00\x02", True, None, Parameters())
        for each in card.personalisation.contact
        if each.aid.hex().upper() not in _NAMES.values()
    ]
    transaction = cap.CapTransaction(paying, **more)  # pyright: ignore[reportArgumentType]
    action = cap.begin(transaction)
    while not isinstance(action, Finish):
        if isinstance(action, Send):
            answer = card.transmit(action.command)
            action = flow.advance(transaction, (answer[:-2], answer[-2], answer[-1]))
        else:
            assert isinstance(action, EnterPin)
            block = bytes.fromhex(f"2{len(digits):X}{digits}".ljust(16, "F"))
            answer = card.transmit(b"\x00\x20\x00\x80\x08" + block)
            action = flow.advance(transaction, PinEntry("entered", answer[-2], answer[-1]))
    return transaction, action.outcome.name


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("question", [{}, {"challenge": "1234"}, {"challenge": "87654321", "amount_minor": 12345}])
def test_the_issuer_knows_the_token(name: str, question: dict) -> None:
    person = issued(name)
    card = SimulatedCard(person)
    for counter in (1, 2):
        transaction, outcome = signed(card, person.pin, **question)
        digits = token.response(transaction)
        application = person.contact[0]
        assert outcome == "approved"
        assert transaction.data[0x84] == application.aid
        assert transaction.signed == issuer.answer(person, application, counter, **question)
        assert issuer.counter_of(person, application, digits, 0, **question) == counter
        assert issuer.counter_of(person, application, digits, 0, challenge="1") is None
        assert issuer.counter_of(person, application, digits, counter, **question) is None


def test_no_token_without_the_pin() -> None:
    person = issued("mastercard_credit")
    card = SimulatedCard(person)
    transaction, outcome = signed(card, "0000")
    assert (outcome, transaction.signed) == ("declined", b"")
