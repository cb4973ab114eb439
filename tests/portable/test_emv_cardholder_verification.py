"""Cardholder verification: every condition, every method, what follows a failure (Book 3, 10.5; Book 4, table 2)."""

from __future__ import annotations

from emv.action import EnterPin, PinEntry, Send
from emv.profile import Application, Parameters, Profile
from emv.transaction import Transaction
from tests.support.emv_bench import AID, TERMINAL, decide, entered, rules, tvr

STEP = "kernel.cardholder_verification"
AMOUNTS = "000003E8" + "00001388"  # X 10,00; Y 50,00


def begun(
    rules_hex: str,
    kind: int = 0,
    terminal_type: str = "22",
    capabilities: str = "60E8C8",
    aip: str = "3C00",
    amount: int = 1250,
) -> Transaction:
    terminal = dict(TERMINAL)
    terminal[0x9F33] = bytes.fromhex(capabilities)
    terminal[0x9F35] = bytes.fromhex(terminal_type)
    profile = Profile("test", terminal, [Application(AID, b"\x00\x8c", True, None, Parameters())])
    data = {0x82: aip, 0x8E: AMOUNTS + rules_hex, 0x9F42: "0978"}
    transaction = entered(STEP, data, amount=amount, kind=kind, profile=profile)
    transaction.action = decide(transaction)
    return transaction


def settled(*arguments: object, **more: object) -> tuple[str, str, str]:
    transaction = begun(*arguments, **more)
    assert transaction.action == "done", transaction.action
    return transaction.data[0x9F34].hex().upper(), tvr(transaction), transaction.cvm


def ended(transaction: Transaction, *replies: object) -> tuple[str, str]:
    """Reply to each question; (9F34, TVR) at the end."""
    for reply in replies:
        transaction.action = decide(transaction, reply)
    assert transaction.action == "done", transaction.action
    return transaction.data[0x9F34].hex().upper(), tvr(transaction)


def test_methods_without_a_question() -> None:
    assert settled("1F00") == ("1F0002", "0000000000", "none")
    assert settled("1E00") == ("1E0000", "0000000000", "signature")
    assert settled("0000") == ("000001", "0000800000", "none")


def test_card_without_verification() -> None:
    transaction = begun("1F00", aip="2C00")
    assert ended(transaction) == ("3F0000", "0000000000")
    assert transaction.data[0x9B].hex() == "0000"


def test_card_without_rules() -> None:
    transaction = begun("")
    assert ended(transaction) == ("3F0000", "2000000000")
    assert transaction.data[0x9B].hex() == "0000"


def test_verification_performed_is_in_the_tsi() -> None:
    assert begun("1F00").data[0x9B].hex() == "4000"


def test_amount_conditions() -> None:
    """06 under X, 07 over X, 08 under Y, 09 over Y; the amount itself is neither."""
    for amount, met in ((999, "06 08"), (1000, "08"), (1001, "07 08"), (4999, "07 08"), (5000, "07"), (5001, "07 09")):
        for condition in ("06", "07", "08", "09"):
            results = settled("1F" + condition, amount=amount)[0]
            assert (results == "1F" + condition + "02") == (condition in met), (amount, condition)


def test_amount_conditions_count_in_our_currency_only() -> None:
    terminal = dict(TERMINAL)
    terminal[0x5F2A] = b"\x08\x40"
    profile = Profile("test", terminal, [Application(AID, b"\x00\x8c", True, None, Parameters())])
    transaction = entered(STEP, {0x82: "3C00", 0x8E: AMOUNTS + "1F06", 0x9F42: "0978"}, profile=profile, amount=1)
    assert decide(transaction) == "done"
    assert transaction.data[0x9F34].hex().upper() == "3F0001"


def test_kinds_of_transaction() -> None:
    """01 unattended cash, 02 none of these, 04 manual cash, 05 purchase with cashback."""
    for kind, terminal, met in ((0x00, "22", "02"), (0x01, "22", "04"), (0x01, "24", "01"), (0x09, "22", "05")):
        for condition in ("01", "02", "04", "05"):
            results = settled("1F" + condition, kind, terminal)[0]
            assert (results == "1F" + condition + "02") == (condition == met), (kind, condition)


def test_no_condition_met() -> None:
    assert settled("1F04" + "1F01") == ("3F0001", "0000800000", "none")


def test_unknown_conditions_are_not_met() -> None:
    assert settled("1F0A" + "1FFF" + "1F00")[0] == "1F0002"


def test_unknown_methods() -> None:
    assert settled("2000" + "1F00") == ("3F0001", "0000c00000", "none")
    assert settled("6000" + "1F00") == ("1F0002", "0000400000", "none")
    assert settled("2003" + "1F00") == ("1F0002", "0000000000", "none")


def test_methods_that_the_terminal_does_not_have() -> None:
    # Signature: no bit of its own. A PIN of any kind: the PIN pad is not there.
    assert settled("1E00", capabilities="6048C8") == ("3F0001", "0000800000", "none")
    assert settled("0200", capabilities="6008C8") == ("3F0001", "0000900000", "none")
    assert settled("0100", capabilities="6048C8") == ("3F0001", "0000900000", "none")
    assert settled("4200" + "1F00", capabilities="6008C8") == ("1F0002", "0000100000", "none")
    # Enciphered PIN is not ours, but offline PIN is: the bit stays off.
    assert settled("4400" + "1F00") == ("1F0002", "0000000000", "none")
    assert settled("4403" + "1F00", capabilities="6048C8") == ("1F0002", "0000000000", "none")


def test_online_pin() -> None:
    transaction = begun("4203" + "1F00")
    assert isinstance(transaction.action, EnterPin)
    assert (transaction.action.method, transaction.action.tries_left) == ("online", None)
    assert ended(transaction, PinEntry("entered")) == ("420300", "0000040000")
    assert transaction.cvm == "online_pin"


def test_online_pin_bypassed() -> None:
    assert ended(begun("4203" + "1E03"), PinEntry("bypassed")) == ("1E0300", "0000080000")
    assert ended(begun("0203" + "1E03"), PinEntry("bypassed")) == ("020301", "0000880000")


def test_pin_pad_out_of_order() -> None:
    assert ended(begun("4203" + "1F00"), PinEntry("unavailable")) == ("1F0002", "0000100000")


def test_after_one_bypass_no_other_pin_is_asked_for() -> None:
    assert ended(begun("4203" + "4103" + "1F00"), PinEntry("bypassed")) == ("1F0002", "0000080000")


TRIES = (bytes.fromhex("9F170103"), 0x9000)


def test_offline_pin() -> None:
    transaction = begun("4103" + "1F00")
    assert isinstance(transaction.action, Send) and transaction.action.command.hex() == "80ca9f1700"
    transaction.action = decide(transaction, TRIES)
    assert (transaction.action.method, transaction.action.tries_left) == ("offline_plaintext", 3)
    assert ended(transaction, PinEntry("entered", 0x90, 0x00)) == ("410302", "0000000000")
    assert transaction.cvm == "offline_pin"
    assert transaction.exchange[-1] == (b"\x00\x20\x00\x80", b"\x90\x00")


def test_offline_pin_without_a_counter() -> None:
    for answer in ((b"", 0x6A88), (b"\x9f\x17", 0x9000), (b"\x9f\x36\x02\x00\x01", 0x9000)):
        transaction = begun("4103" + "1F00")
        transaction.action = decide(transaction, answer)
        assert transaction.action.tries_left is None
        assert ended(transaction, PinEntry("entered", 0x90, 0x00))[0] == "410302"


def test_wrong_pin_is_asked_again() -> None:
    transaction = begun("0103")
    transaction.action = decide(transaction, TRIES)
    transaction.action = decide(transaction, PinEntry("entered", 0x63, 0xC2))
    assert transaction.action.tries_left == 2
    transaction.action = decide(transaction, PinEntry("entered", 0x63, 0xC1))
    assert transaction.action.tries_left == 1
    assert ended(transaction, PinEntry("entered", 0x90, 0x00)) == ("010302", "0000000000")
    assert rules(transaction).count("pin_wrong") == 2


def test_pin_blocked_by_the_last_try() -> None:
    for sw2, sw1 in ((0xC0, 0x63), (0x83, 0x69), (0x84, 0x69)):
        transaction = begun("4103" + "1F00")
        transaction.action = decide(transaction, TRIES)
        assert ended(transaction, PinEntry("entered", sw1, sw2)) == ("1F0002", "0000200000")


def test_pin_blocked_before() -> None:
    transaction = begun("0103")
    assert ended(transaction, (bytes.fromhex("9F170100"), 0x9000)) == ("010301", "0000a00000")


def test_any_other_word_fails_the_method() -> None:
    transaction = begun("0103")
    transaction.action = decide(transaction, TRIES)
    assert ended(transaction, PinEntry("entered", 0x6A, 0x81)) == ("010301", "0000800000")


def test_a_card_whose_tries_do_not_go_down_is_not_asked_for_ever() -> None:
    transaction = begun("0103")
    transaction.action = decide(transaction, TRIES)
    transaction.action = decide(transaction, PinEntry("entered", 0x63, 0xC2))
    assert ended(transaction, PinEntry("entered", 0x63, 0xC2)) == ("010301", "0000800000")


def test_pin_and_signature() -> None:
    transaction = begun("0303", capabilities="60E8C8")
    transaction.action = decide(transaction, TRIES)
    assert ended(transaction, PinEntry("entered", 0x90, 0x00)) == ("030300", "0000000000")
