"""Policy C-09: a card that answers for one brand with the number of another (attacks/C-09)."""

from __future__ import annotations

from emv.errors import CardFault
from emv.kernel import brand_consistency
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TERMINAL

VISA, MASTERCARD, MAESTRO = "A0000000031010", "A0000000041010", "A0000000043060"
CB, CB_VISA, UNIONPAY = "A0000000421010", "A0000000422010", "A000000333010101"

COVERS = {
    "test_each_brand_has_its_own_numbers": ["attacks/C-09"],
    "test_two_account_numbers_on_one_card": ["attacks/C-09", "attacks/C-21"],
}


def checked(aid: str, data: dict, policies: tuple = ("C-09",)) -> str:
    """The rule that refuses, or ""."""
    application = Application(bytes.fromhex(aid), b"\x00\x02", True, None, Parameters())
    profile = Profile("test", dict(TERMINAL), [application], policies=policies)
    transaction = Transaction(profile, Request(1250, CLOCK), bytes)
    transaction.enter(application)
    transaction.exchange.append((b"", b"\x90\x00"))
    transaction.bring([(tag, bytes.fromhex(value)) for tag, value in data.items()], 1)
    try:
        brand_consistency.check(transaction)
    except CardFault as fault:
        return fault.why
    return ""


def test_each_brand_has_its_own_numbers() -> None:
    visa, five, two, maestro = "4970101234567810", "5413330089601232", "2223000048400011", "675941111000F0FF"
    for aid, taken in (
        (VISA, (visa,)),
        (MASTERCARD, (five, two, maestro, "5018990000000007")),
        (MAESTRO, (maestro, five, two)),
        (CB, (visa, five, two, maestro)),
        (CB_VISA, (visa, five, two, maestro)),
        (UNIONPAY, (visa, five, two, maestro)),
    ):
        for number in (visa, five, two, maestro):
            refused = "" if number in taken else "brand_mixed_up"
            assert checked(aid, {0x5A: number}) == refused, (aid, number)


def test_the_ends_of_the_ranges() -> None:
    for beginning, good in (
        ("2220", False),
        ("2221", True),
        ("2720", True),
        ("2721", False),
        ("4999", False),
        ("5000", True),
        ("5899", True),
        ("5900", False),
        ("6000", True),
        ("6999", True),
        ("7000", False),
        ("5A00", False),
        ("54FF", False),
    ):
        assert checked(MASTERCARD, {0x5A: beginning + "000000000000"}) == ("" if good else "brand_mixed_up"), beginning


def test_without_a_number_of_its_own_the_track_is_looked_at() -> None:
    assert checked(VISA, {0x57: "4970101234567810D49122010000012300000F"}) == ""
    assert checked(VISA, {0x57: "5413330089601232D49122010000012300000F"}) == "brand_mixed_up"
    assert checked(VISA, {0x57: "D4FF"}) == "brand_mixed_up"


def test_two_account_numbers_on_one_card() -> None:
    other = {0x5A: "4970101234567810", 0x57: "4970101234567828D49122010000012300000F"}
    assert checked(VISA, other) == "account_numbers_differ"
    assert checked(VISA, other, policies=()) == ""


def test_a_record_may_not_rename_the_application() -> None:
    number = {0x5A: "4970101234567810", 0x84: MASTERCARD}
    assert checked(VISA, number) == "brand_mixed_up"
    assert checked(CB, {0x5A: "4970101234567810", 0x84: CB + "01"}) == ""


def test_by_the_book_alone_nothing_is_compared() -> None:
    assert checked(VISA, {0x5A: "5413330089601232"}, policies=()) == ""
