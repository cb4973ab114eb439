"""Refund and cancellation by chip: the card is read and gives an AAC; no PIN, no issuer, no judgement."""

from __future__ import annotations

from emv.action import Finish, Send
from emv.kernel import flow, refund
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import AID, CLOCK, TERMINAL, TableCard, rules

# Expired, online PIN first, usable nowhere: what would stop a payment does not stop money from coming back.
STATIC = "5A084970101234567810" + "5F2403200131" + "9F07020000" + "8E0A" + "00" * 8 + "4200"
LISTS = "8C0D" + "9F0206" + "9505" + "9C01" + "9F3704" + "9F3403" + "8D02" + "9505"
AAC = "771E" + "9F270100" + "9F36020007" + "9F2608" + "22" * 8 + "9F100706011203A00000" + "9000"


def card(**more: str) -> TableCard:
    answers = {
        "00A40400": "6F098407" + AID.hex() + "9000",
        "80A8": "80063C0008010100" + "9000",
        "00B2": "70" + f"{len(STATIC + LISTS) // 2:02X}" + STATIC + LISTS + "9000",
        "80AE": AAC,
    }
    answers.update(more)
    return TableCard(answers)


def refunded(scripted: TableCard, kind: int = 0x20) -> Transaction:
    applications = [Application(AID, b"\x00\x8c", True, None, Parameters(tac_denial=b"\xff" * 5))]
    profile = Profile("test", dict(TERMINAL), applications, selection="aid_list")
    transaction = Transaction(profile, Request(1250, CLOCK, transaction_type=kind), bytes)
    action = refund.begin(transaction)
    while not isinstance(action, Finish):
        assert isinstance(action, Send)
        action = flow.advance(transaction, scripted.transmit(action.command))
    transaction.outcome = action.outcome
    return transaction


def test_the_card_gives_its_aac() -> None:
    for kind in (0x20, 0x02):
        scripted = card()
        transaction = refunded(scripted, kind)
        assert (transaction.outcome.name, transaction.outcome.why) == ("approved", "refund_taken")
        expected = "80AE000013" + "000000001250" + "8000000000" + f"{kind:02X}" + "00000000" + "3F0000" + "00"
        assert scripted.commands[-1] == expected
        assert [command[:4] for command in scripted.commands] == ["00A4", "00A4", "80A8", "00B2", "80AE"]
        assert transaction.outcome.cvm == "none"


def test_a_card_that_gives_more_than_it_was_asked_for() -> None:
    for answer, why in (
        (AAC.replace("9F270100", "9F270140"), "cryptogram_above_request"),
        (AAC.replace("9F270100", "9F270180"), "cryptogram_above_request"),
        ("6985", "cryptogram_refused"),
    ):
        transaction = refunded(card(**{"80AE": answer}))
        assert (transaction.outcome.name, transaction.outcome.why) == ("end_application", why)
        assert "refund_taken" not in rules(transaction)


def test_a_card_without_its_number_is_refunded_nothing() -> None:
    without = "70" + f"{len(STATIC[20:] + LISTS) // 2:02X}" + STATIC[20:] + LISTS + "9000"
    assert refunded(card(**{"00B2": without})).outcome.why == "mandatory_object_missing"
