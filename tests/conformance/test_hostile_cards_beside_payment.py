"""Refund and EMV-CAP meet hostile cards too: whatever a card answers there is an outcome, and soon."""

from __future__ import annotations

import random

import pytest

from emv import cap
from emv.action import EnterPin, Finish, PinEntry, Send
from emv.cap import token
from emv.kernel import flow, refund
from emv.outcome import NAMES
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.portable.test_emv_cap import CARD, IDENTIFY
from tests.portable.test_emv_cap import MASTERCARD as NAME

ANSWERS = [bytes.fromhex(answer) for answer in (CARD | IDENTIFY).values()]
# SELECT of both names of EMV-CAP, then the final one; the rest in the order of the flow.
EXCHANGE = [ANSWERS[0], b"\x6a\x82", *ANSWERS]
WORDS = [b"\x90\x00", b"\x62\x83", b"\x63\x00", b"\x69\x85", b"\x6a\x81", b"\x6a\x83", b"\x61\x10", b"\x6c\x05"]


def signing() -> tuple[Transaction, object]:
    transaction = cap.CapTransaction([], "1234")
    return transaction, cap.begin(transaction)


def refunding() -> tuple[Transaction, object]:
    applications = [Application(bytes.fromhex(NAME), b"\x00\x02", True, None, Parameters())]
    profile = Profile("test", {0x9F35: b"\x34"}, applications, selection="aid_list")
    transaction = Transaction(profile, Request(1250, (2026, 11, 21, 12, 0, 0), transaction_type=0x20), bytes)
    return transaction, refund.begin(transaction)


def drive(begin: object, answers: list[bytes]) -> Transaction:
    transaction, action = begin()  # pyright: ignore[reportCallIssue]
    at = 0
    while not isinstance(action, Finish):
        if isinstance(action, Send):
            answer = answers[min(at, len(answers) - 1)]
            at += 1
            assert at <= 301
            action = flow.advance(transaction, (answer[:-2], answer[-2], answer[-1]))
        else:
            assert isinstance(action, EnterPin)
            action = flow.advance(transaction, PinEntry("entered", 0x90, 0x00))
    assert action.outcome.name in NAMES
    if isinstance(transaction, cap.CapTransaction) and action.outcome.name == "approved":
        assert token.response(transaction).isdigit()
    return transaction


@pytest.mark.parametrize(("begin", "left_out"), [(signing, ()), (refunding, (1, 6, 7))])
def test_every_byte_of_a_card_changed(begin: object, left_out: tuple[int, ...]) -> None:
    """The card that signs also serves for a refund: without what only EMV-CAP asks for."""
    answers = [answer for place, answer in enumerate(EXCHANGE) if place not in left_out]
    assert drive(begin, answers).trace[-1][1] in ("token_made", "refund_taken")
    for place, answer in enumerate(answers):
        for at in range(len(answer)):
            for value in (0x00, 0x01, 0x7F, 0x80, 0xFF, answer[at] ^ 0x01):
                spoiled = list(answers)
                spoiled[place] = answer[:at] + bytes((value,)) + answer[at + 1 :]
                drive(begin, spoiled)


@pytest.mark.parametrize("begin", [signing, refunding])
def test_cards_out_of_thin_air(begin: object) -> None:
    chance = random.Random(18)
    for _ in range(500):
        answers = [
            answer if chance.random() < 0.7 else chance.randbytes(chance.randrange(60)) + b"\x90\x00"
            for answer in EXCHANGE
        ]
        answers = [answer[:-2] + chance.choice(WORDS) if chance.random() < 0.1 else answer for answer in answers]
        drive(begin, answers)
