"""Cardholder verification: every condition, every method, what follows a failure (Book 3, 10.5; Book 4, table 2)."""

from __future__ import annotations

from emv.action import EnterPin, PinEntry, Send
from emv.errors import CardFault
from emv.profile import Application, Parameters, Profile
from emv.transaction import Transaction
from tests.support.emv_bench import AID, TERMINAL, decide, entered, rules, tvr

COVERS = {"test_a_card_that_lies_about_its_tries": ["attacks/C-17"], "test_last_try_is_told": ["attacks/C-17"]}

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


def refused(rules_hex: str) -> str:
    try:
        begun(rules_hex)
    except CardFault as fault:
        return fault.why
    return ""


def test_half_a_rule_at_the_end() -> None:
    """Book 3, 7.5: a list that is not one ends the transaction."""
    for rules_hex in ("1F001F", "1F"):
        assert refused(rules_hex) == "cvm_list_malformed"
    assert ended(begun("1F001F", aip="2C00")) == ("3F0000", "0000000000")


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


def test_amount_conditions_without_currencies() -> None:
    for absent in (0x9F42, 0x5F2A):
        terminal = dict(TERMINAL)
        profile = Profile("test", terminal, [Application(AID, b"\x00\x8c", True, None, Parameters())])
        transaction = entered(STEP, {0x82: "3C00", 0x8E: AMOUNTS + "1F06", 0x9F42: "0978"}, profile=profile, amount=1)
        del transaction.data[absent]
        assert decide(transaction) == "done"
        assert transaction.data[0x9F34].hex().upper() == "3F0001", absent


def test_unattended_terminals() -> None:
    """Book 4, A1: whoever operates it, the last digit 4 to 6 is a terminal that nobody attends."""
    for operator in "123":
        for kind, met in (("1", "04"), ("2", "04"), ("3", "04"), ("4", "01"), ("5", "01"), ("6", "01")):
            assert settled("1F" + met, 0x01, operator + kind)[0] == "1F" + met + "02", operator + kind


def test_kinds_of_transaction() -> None:
    """01 unattended cash, 02 none of these, 04 manual cash, 05 purchase with cashback."""
    for kind, terminal, met in (
        (0x00, "22", "02"),
        (0x01, "22", "04"),
        (0x17, "22", "04"),
        (0x01, "24", "01"),
        (0x09, "22", "05"),
        (0x20, "22", "02"),
    ):
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


def test_reserved_methods() -> None:
    """All that the books do not name, whether reserved for them, for schemes or for issuers."""
    for method in (0x06, 0x1D, 0x20, 0x2F, 0x30, 0x3E, 0x3F):
        assert settled(f"{method:02X}00" + "1F00") == ("3F0001", "0000c00000", "none"), method
        assert settled(f"{method | 0x40:02X}00" + "1F00") == ("1F0002", "0000400000", "none"), method
        assert settled(f"{method | 0x80:02X}00" + "1F00") == ("3F0001", "0000c00000", "none"), method


def test_fail_is_the_last_rule() -> None:
    """Book 3, 10.5: no other is processed, whatever bit 7 of it says."""
    assert settled("4000" + "1F00") == ("400001", "0000800000", "none")
    assert settled("0003" + "1F00") == ("000301", "0000800000", "none")
    assert settled("4001" + "1F00") == ("1F0002", "0000000000", "none")


def test_what_was_performed_last_counts() -> None:
    """Book 4, table 2: a rule that is not supported or not recognised performs nothing."""
    assert ended(begun("4203" + "2000"), PinEntry("bypassed")) == ("420301", "0000c80000")
    assert ended(begun("4203" + "5E04" + "1E01"), PinEntry("bypassed")) == ("420301", "0000880000")


def test_a_terminal_of_no_verification_at_all() -> None:
    assert settled("4103" + "4203" + "1E03" + "1F03", capabilities="6000C8") == ("3F0001", "0000800000", "none")
    assert settled("4100" + "4200" + "5E00" + "1F00", capabilities="6000C8") == ("3F0001", "0000900000", "none")


def test_a_method_of_two_halves_needs_both() -> None:
    for method, halves in (("03", (0x80, 0x20)), ("05", (0x10, 0x20))):
        for half in halves:
            found = settled(method + "00", capabilities=f"60{half:02X}C8")
            pad_is_missing = half == 0x20
            assert found == ("3F0001", "0000900000" if pad_is_missing else "0000800000", "none"), (method, half)
            assert settled(method + "03" + "1F03", capabilities=f"60{half | 0x08:02X}C8")[0] == "1F0302"


def test_methods_that_the_terminal_does_not_have() -> None:
    # Signature: no bit of its own. A PIN of any kind: the PIN pad is not there.
    assert settled("1E00", capabilities="6048C8") == ("3F0001", "0000800000", "none")
    assert settled("0200", capabilities="6008C8") == ("3F0001", "0000900000", "none")
    assert settled("0100", capabilities="6048C8") == ("3F0001", "0000900000", "none")
    assert settled("4200" + "1F00", capabilities="6008C8") == ("1F0002", "0000100000", "none")
    # No enciphered PIN, but another offline PIN: the pad is there.
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


def fault_of(transaction: Transaction, reply: PinEntry) -> str:
    try:
        decide(transaction, reply)
    except CardFault as fault:
        return fault.why
    return ""


def test_any_other_word_ends_the_transaction() -> None:
    """Book 3, 8.1 and figure 11."""
    for status in (0x6A81, 0x6985, 0x6300, 0x6D00):
        transaction = begun("4103" + "1F00")
        transaction.action = decide(transaction, TRIES)
        assert fault_of(transaction, PinEntry("entered", status >> 8, status & 0xFF)) == "verify_refused"


def test_a_card_whose_tries_do_not_go_down_is_not_asked_for_ever() -> None:
    transaction = begun("0103")
    transaction.action = decide(transaction, TRIES)
    transaction.action = decide(transaction, PinEntry("entered", 0x63, 0xC2))
    assert ended(transaction, PinEntry("entered", 0x63, 0xC2)) == ("010301", "0000800000")


def test_a_card_that_lies_about_its_tries() -> None:
    """attacks/C-17: more tries than GET DATA said, or the same number again, is the end of it."""
    for counter, words, tries in (
        ("01", (0x63C5,), 1),
        ("02", (0x63C1, 0x63C1), 2),
        ("03", (0x63C2, 0x63CF), 2),
        ("FF", [0x63C0 | left for left in range(15, -1, -1)], 16),
    ):
        transaction = begun("0103")
        transaction.action = decide(transaction, (bytes.fromhex("9F1701" + counter), 0x9000))
        asked = 0
        for sw in words:
            asked += 1
            assert isinstance(transaction.action, EnterPin)
            transaction.action = decide(transaction, PinEntry("entered", sw >> 8, sw & 0xFF))
        assert transaction.action == "done" and asked == tries, counter
        assert transaction.data[0x9F34].hex() == "010301"


def test_last_try_is_told() -> None:
    transaction = begun("0103")
    assert decide(transaction, (bytes.fromhex("9F170101"), 0x9000)).tries_left == 1
    transaction = begun("0103")
    decide(transaction, (b"", 0x6A88))
    assert decide(transaction, PinEntry("entered", 0x63, 0xC1)).tries_left == 1


def test_bypass_after_a_wrong_pin() -> None:
    transaction = begun("4103" + "4203" + "1F00")
    transaction.action = decide(transaction, TRIES)
    transaction.action = decide(transaction, PinEntry("entered", 0x63, 0xC2))
    assert ended(transaction, PinEntry("bypassed")) == ("1F0002", "0000080000")


def test_blocked_pin_goes_on_to_the_next() -> None:
    transaction = begun("4103" + "4203" + "1F00")
    transaction.action = decide(transaction, (bytes.fromhex("9F170100"), 0x9000))
    assert transaction.action.method == "online"
    assert ended(transaction, PinEntry("entered")) == ("420300", "0000240000")


def test_pin_and_signature() -> None:
    transaction = begun("0303", capabilities="60E8C8")
    transaction.action = decide(transaction, TRIES)
    assert ended(transaction, PinEntry("entered", 0x90, 0x00)) == ("030300", "0000000000")
