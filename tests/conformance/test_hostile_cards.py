"""Every byte of every card of tests/cards changed, one at a time: there is always an outcome, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from emv import cap
from emv.action import Action
from emv.kernel import flow, refund
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from firmware.secure.redaction import redact_exchange
from tests.fuzz.scripted import play
from tests.portable.test_emv_cap import CARD, IDENTIFY
from tests.portable.test_emv_cap import MASTERCARD as NAME
from tools.replay import transcript

Begin = Callable[[], tuple[Transaction, Action]]

CARDS = Path(__file__).parent.parent / "cards"
FILES = [json.loads(path.read_text()) for path in sorted(CARDS.glob("*.json"))]
FILES = [file for file in FILES if file["exchange"]]
# Of EMV-CAP: SELECT of both its names, then the final one; the rest in the order of the flow.
ANSWERS = [bytes.fromhex(answer) for answer in (CARD | IDENTIFY).values()]
SIGNING = [ANSWERS[0], b"\x6a\x82", *ANSWERS]
REFUNDING = [answer for place, answer in enumerate(SIGNING) if place not in (1, 6, 7)]


def payment(file: dict) -> tuple[Transaction, Action]:
    """With the random numbers of the file, so that its signatures hold, then zeros."""
    left = [bytes.fromhex(number) for number in file["terminal"].get("random", [])]
    draws: Callable[[int], bytes] = lambda length: left.pop(0) if left else bytes(length)  # noqa: E731
    transaction = Transaction(transcript.profile(file), transcript.request(file), draws)
    begin = flow.begin_contactless if file["interface"] == "contactless" else flow.begin
    return transaction, begin(transaction)


def signing() -> tuple[Transaction, Action]:
    transaction = cap.CapTransaction([], "1234")
    return transaction, cap.begin(transaction)


def refunding() -> tuple[Transaction, Action]:
    applications = [Application(bytes.fromhex(NAME), b"\x00\x02", True, None, Parameters())]
    profile = Profile("test", {0x9F35: b"\x34"}, applications, selection="aid_list")
    transaction = Transaction(profile, Request(1250, (2026, 11, 21, 12, 0, 0), transaction_type=0x20), bytes)
    return transaction, refund.begin(transaction)


def every_byte_changed(begin: Begin, answers: list[bytes]) -> None:
    """Headers and lengths matter most; of long values a byte here and there is enough."""
    for row, answer in enumerate(answers):
        for at in [*range(min(len(answer), 24)), *range(24, len(answer), 19)]:
            for value in (0x00, 0xFF, answer[at] ^ 0x01):
                changed = answer[:at] + bytes((value,)) + answer[at + 1 :]
                transaction, action = begin()
                play(transaction, action, [*answers[:row], changed, *answers[row + 1 :]])
                for command, response in transaction.exchange:  # what is told of it does not fail either
                    shown = redact_exchange(command, response, transaction.lists.get(command[:-1], b""))
                    assert [len(part) for part in shown] == [len(command), len(response)]


@pytest.mark.covers("attacks/C-18")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file["title"])
def test_every_byte_of_a_payment(file: dict) -> None:
    every_byte_changed(lambda: payment(file), [bytes.fromhex(row[1]) for row in file["exchange"]])


@pytest.mark.parametrize(
    ("begin", "answers", "last"), [(signing, SIGNING, "token_made"), (refunding, REFUNDING, "refund_taken")]
)
def test_every_byte_beside_payment(begin: Begin, answers: list[bytes], last: str) -> None:
    """The card that signs also serves for a refund: without what only EMV-CAP asks for."""
    transaction, action = begin()
    play(transaction, action, answers)
    assert transaction.trace[-1][1] == last
    every_byte_changed(begin, answers)


@pytest.mark.covers("attacks/C-18")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file["title"])
def test_the_card_leaves_at_any_moment(file: dict) -> None:
    answers = [bytes.fromhex(row[1]) for row in file["exchange"]]
    for at in range(len(answers)):
        transaction, action = payment(file)
        name = play(transaction, action, [*answers[:at], b""])
        gone = any(decision[1] == "card_lost" for decision in transaction.trace)
        assert not gone or name == ("try_again" if transaction.contactless else "end_application")
