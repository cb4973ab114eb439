"""Steps that decide from data alone: restrictions, risk management, action analysis (Book 3, 10.4, 10.6, 10.7)."""

from __future__ import annotations

from emv.action import Send
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import AID, CLOCK, TERMINAL, decide, entered, rules, tvr

RESTRICTIONS = "kernel.processing_restrictions"
RISK = "kernel.terminal_risk_management"
ANALYSIS = "kernel.terminal_action_analysis"
GOOD = {0x5F24: "491231", 0x9F08: "008C"}
CARD = {0x5A: "4970101234567810", 0x82: "3C00"}

COVERS = {"test_dates": ["attacks/C-16"], "test_exception_file": ["attacks/C-16"]}


def restricted(data: dict, **more: object) -> str:
    together = dict(GOOD)
    together.update(data)
    transaction = entered(RESTRICTIONS, together, **more)
    assert decide(transaction) == "done"
    return tvr(transaction)


def test_versions() -> None:
    assert restricted({}) == "0000000000"
    assert restricted({0x9F08: "0001"}) == "0080000000"


def test_dates() -> None:
    assert restricted({0x5F24: "261121"}) == "0000000000"
    assert restricted({0x5F24: "261120"}) == "0040000000"
    assert restricted({0x5F24: "991231"}) == "0040000000"
    assert restricted({0x5F25: "261121"}) == "0000000000"
    assert restricted({0x5F25: "261122"}) == "0020000000"
    assert restricted({0x5F25: "991122"}) == "0000000000"


def test_usage_control() -> None:
    """9F07 byte 1: cash, goods, services, each at home and abroad; ATM; elsewhere. Byte 2: cashback."""
    home = {0x5F28: "0250"}
    abroad = {0x5F28: "0276"}
    for usage, country, kind, allowed in (
        ("2900", home, 0x00, True),
        ("2800", home, 0x00, False),
        ("1500", home, 0x00, False),
        ("1500", abroad, 0x00, True),
        ("2900", abroad, 0x00, False),
        ("0900", home, 0x00, True),
        ("8100", home, 0x01, True),
        ("8100", abroad, 0x01, False),
        ("4100", abroad, 0x01, True),
        ("2980", home, 0x09, True),
        ("2940", home, 0x09, False),
    ):
        data = dict(country)
        data[0x9F07] = usage
        assert (restricted(data, kind=kind) == "0000000000") == allowed, (usage, country, kind)
    assert restricted({0x9F07: "0100"}) == "0000000000"


def test_usage_control_of_kinds_of_transaction() -> None:
    """Cash back is a purchase too; of a refund and an account verification the card says nothing, or what it says of
    a purchase. An ATM is what Book 4, A1 calls so."""
    home = {0x5F28: "0250"}
    for usage, kind, other, allowed in (
        ("2980", 0x00, 500, True),
        ("2900", 0x00, 500, False),
        ("0180", 0x09, 500, False),
        ("2900", 0x09, 0, False),
        ("8100", 0x01, 0, True),
        ("0100", 0x20, 0, True),
        ("0000", 0x20, 0, False),
        ("0900", 0x00, 0, True),
    ):
        data = dict(home)
        data[0x9F07] = usage
        transaction = entered(RESTRICTIONS, data, kind=kind)
        transaction.bring([(0x5F24, b"\x49\x12\x31")], 1)
        transaction.request.amount_other_minor = other
        decide(transaction)
        assert (tvr(transaction) == "0000000000") == allowed, (usage, kind)
    for kind_of_terminal, usage, allowed in (("14", "8200", True), ("14", "8100", False), ("22", "8200", False)):
        transaction = entered(RESTRICTIONS, {0x5F24: "491231", 0x9F07: usage, 0x5F28: "0250"}, kind=0x01)
        transaction.put(0x9F35, bytes.fromhex(kind_of_terminal))
        transaction.put(0x9F40, bytes.fromhex("8000F0A001"))
        decide(transaction)
        assert (tvr(transaction) == "0000000000") == allowed, (kind_of_terminal, usage)


def risked(data: dict, **more: object) -> Transaction:
    together = dict(CARD)
    together.update(data)
    transaction = entered(RISK, together, **more)
    transaction.first = decide(transaction)
    return transaction


def test_risk_management_is_done_whatever_the_card_says() -> None:
    """Book 3, 10.6: AIP byte 1 bit 4 counts for nothing."""
    for interchange_profile in ("3C00", "3000"):
        transaction = risked({0x82: interchange_profile}, floor_limit_minor=0)
        assert (transaction.data[0x9B].hex(), tvr(transaction)) == ("0800", "0000008000")


def test_floor_limit_is_reached_by_the_amount_itself() -> None:
    assert tvr(risked({}, amount=1249, floor_limit_minor=1250)) == "0000000000"
    assert tvr(risked({}, amount=1250, floor_limit_minor=1250)) == "0000008000"
    assert tvr(risked({})) == "0000000000"


def with_profile(**more: object) -> Profile:
    application = Application(AID, b"\x00\x8c", True, None, Parameters(floor_limit_minor=2000))
    return Profile("test", dict(TERMINAL), [application], **more)


def test_floor_limit_counts_the_latest_amount_of_the_same_card() -> None:
    card = bytes.fromhex("4970101234567810")
    other = bytes.fromhex("4970101234567811")
    for log, reached in (
        ([(card, 750)], True),
        ([(card, 749)], False),
        ([(card, 750), (card, 1)], False),
        ([(other, 5000)], False),
    ):
        transaction = entered(RISK, CARD, profile=with_profile(log=log), floor_limit_minor=2000)
        decide(transaction)
        assert (tvr(transaction) == "0000008000") == reached, log


def test_exception_file() -> None:
    card = bytes.fromhex("4970101234567810")
    for entry, listed in (
        ((card, None), True),
        ((card, b"\x01"), True),
        ((card, b"\x02"), False),
        ((b"\x49", None), False),
    ):
        data = dict(CARD)
        data[0x5F34] = "01"
        transaction = entered(RISK, data, profile=with_profile(exceptions=[entry]))
        decide(transaction)
        assert (tvr(transaction) == "1000000000") == listed, entry


def selected(number: int, amount: int, **more: object) -> bool:
    application = Application(AID, b"\x00\x8c", True, None, Parameters(**more))
    profile = Profile("test", dict(TERMINAL), [application])
    transaction = Transaction(profile, Request(amount, CLOCK), lambda length: (number - 1).to_bytes(length, "big"))
    transaction.enter(application)
    transaction.data[0x82] = b"\x3c\x00"
    transaction.data[0x5A] = bytes.fromhex("4970101234567810")
    transaction.step = RISK
    decide(transaction)
    return tvr(transaction) == "0000001000"


def test_random_selection() -> None:
    limits = {"floor_limit_minor": 10000, "threshold_minor": 5000, "target_percent": 20, "max_target_percent": 60}
    assert selected(20, 1000, **limits)
    assert not selected(21, 1000, **limits)
    # Biased: half way from the threshold to the floor limit.
    assert selected(40, 7500, **limits)
    assert not selected(41, 7500, **limits)
    assert not selected(1, 1000, floor_limit_minor=10000)
    assert not selected(1, 10000, **limits)
    assert selected(20, 9999, target_percent=20)


def test_random_selection_goes_by_this_amount_alone() -> None:
    """Book 3, 10.6.2: earlier amounts of the card count for the floor limit, and here they do not."""
    application = Application(AID, b"\x00\x8c", True, None, Parameters(floor_limit_minor=2000, target_percent=20))
    log = [(bytes.fromhex("4970101234567810"), 1999)]
    transaction = entered(
        RISK,
        CARD,
        profile=Profile("test", dict(TERMINAL), [application], log=log),
        floor_limit_minor=2000,
        target_percent=20,
    )
    decide(transaction)
    assert tvr(transaction) == "0000009000"


def test_the_merchant_forces_it_online() -> None:
    for interchange_profile in ("3C00", "3000"):
        data = dict(CARD)
        data[0x82] = interchange_profile
        transaction = entered(RISK, data)
        transaction.request.force_online = True
        decide(transaction)
        assert tvr(transaction) == "0000000800"


def test_account_verification_reaches_a_floor_limit_of_zero() -> None:
    assert tvr(risked({}, amount=0, floor_limit_minor=0)) == "0000008000"
    assert tvr(risked({}, amount=0, floor_limit_minor=1)) == "0000000000"


def velocity(counter: str, last: str) -> str:
    transaction = risked({0x9F14: "02", 0x9F23: "05"})
    assert isinstance(transaction.first, Send) and transaction.first.command.hex() == "80ca9f3600"
    answers = [(bytes.fromhex(value), 0x9000 if value else 0x6A88) for value in (counter, last)]
    following = decide(transaction, answers[0])
    assert following.command.hex() == "80ca9f1300"
    assert decide(transaction, answers[1]) == "done"
    return tvr(transaction)


def test_velocity() -> None:
    """7.5 and 10.6.3: what is not given is missing, and both limits are exceeded; a new card is new all the same."""
    assert velocity("9F36020012", "9F13020010") == "0000000000"
    assert velocity("9F36020013", "9F13020010") == "0000004000"
    assert velocity("9F36020016", "9F13020010") == "0000006000"
    assert velocity("9F36020010", "9F13020010") == "0000006000"
    assert velocity("9F36020001", "9F13020000") == "0008000000"
    assert velocity("", "") == "2000006000"
    assert velocity("", "9F13020000") == "2008006000"
    assert velocity("9F3602", "9F13020010") == "2000006000"


def test_velocity_counts_by_what_the_card_says_now() -> None:
    transaction = risked({0x9F14: "02", 0x9F23: "05", 0x9F36: "0011", 0x9F13: "0010"})
    decide(transaction, (b"", 0x6A88))
    assert decide(transaction, (b"", 0x6A88)) == "done"
    assert tvr(transaction) == "2000006000"
    assert rules(transaction).count("counter_not_given") == 2


def test_velocity_is_not_asked_without_both_limits() -> None:
    assert risked({0x9F14: "02"}).first == "done"


def analysed(verification: str, data: dict, policies: tuple = (), kind: str = "22", **codes: object) -> int:
    codes = {name: bytes.fromhex(value) for name, value in codes.items()}
    terminal = dict(TERMINAL)
    terminal[0x9F35] = bytes.fromhex(kind)
    application = Application(AID, b"\x00\x8c", True, None, Parameters(**codes))
    profile = Profile("test", terminal, [application], policies=policies)
    transaction = entered(ANALYSIS, data, profile=profile, **codes)
    transaction.put(0x95, bytes.fromhex(verification))
    assert decide(transaction) == "done"
    return transaction.requested


AAC, TC, ARQC = 0x00, 0x40, 0x80
NONE = {0x9F0D: "0000000000", 0x9F0E: "0000000000", 0x9F0F: "0000000000"}


def test_action_codes() -> None:
    assert analysed("0000008000", NONE) == TC
    assert analysed("0000008000", NONE, tac_online="0000008000") == ARQC
    assert analysed("0000008000", NONE, tac_denial="0000008000") == AAC
    issuer = dict(NONE)
    issuer[0x9F0F] = "0000008000"
    assert analysed("0000008000", issuer) == ARQC
    issuer[0x9F0E] = "0000008000"
    assert analysed("0000008000", issuer) == AAC


def test_absent_issuer_codes() -> None:
    """Denial is all zeros, online and default all that can fail (10.7)."""
    assert analysed("0000000000", {}) == TC
    assert analysed("0000000004", {}) == ARQC
    assert analysed("0000000004", {}, kind="23") == AAC
    assert analysed("0000000000", {}, kind="23") == TC


def test_kind_of_terminal() -> None:
    assert analysed("0000000000", NONE, kind="21") == ARQC
    assert analysed("0000008000", NONE, kind="26", tac_online="0000008000") == TC
    assert analysed("0000008000", NONE, kind="26", tac_default="0000008000") == AAC


def test_policy_c10_declines_what_failed_authentication() -> None:
    for failed in ("4000000000", "0800000000", "0400000000"):
        assert analysed(failed, NONE) == TC
        assert analysed(failed, NONE, policies=("C-10",)) == AAC
    assert analysed("8000000000", NONE, policies=("C-10",)) == TC


def test_the_trace_names_rule_bit_and_apdu() -> None:
    transaction = entered(RESTRICTIONS, {0x5F24: "200101"})
    decide(transaction)
    assert rules(transaction) == ["expired"]
    assert transaction.trace[0] == (RESTRICTIONS, "expired", 0x950240, (0x5F24, 0x9A), 0)
