"""Enciphered offline PIN (Book 2, 7; Book 3, 10.5.1), and policy C-04 on plaintext PIN."""

from __future__ import annotations

from emv.action import EnterPin, PinEntry, Send, VerifyPin
from emv.profile import Application, Parameters, Profile
from emv.tlv import encode
from emv.transaction import Request, Transaction
from tests.support.emv_bench import AID, CLOCK, TERMINAL, decide, rules, tvr
from tests.support.forged_card import CA_KEY, CARD_KEY, card_certificate, issuer_certificate, pin_certificate

COVERS = {
    "test_c04_no_plaintext_pin_by_a_list_that_nobody_signed": ["attacks/C-04"],
    "test_c04_no_plaintext_pin_after_failed_authentication": ["attacks/C-04"],
    "test_a_count_that_does_not_go_down": ["attacks/C-17"],
    "test_a_count_that_another_rule_knows": ["attacks/C-17"],
}

TRIES = (bytes.fromhex("9F170103"), 0x9000)
CHALLENGE = b"\x01\x02\x03\x04\x05\x06\x07\x08"
ENTERED = PinEntry("entered")


def numbered() -> object:
    """Draws that can be told from one another: the first is all 01, the second all 02."""
    drawn = [0]

    def draw(length: int) -> bytes:
        drawn[0] += 1
        return bytes((drawn[0],)) * length

    return draw


def begun(
    rules_hex: str,
    objects: dict,
    capabilities: str = "60F8C8",
    policies: tuple = (),
    list_in: int = 1,
    oda: str = "none",
) -> Transaction:
    """Before the step, with the list of rules in a record of its own that is signed where `list_in` is 1."""
    terminal = dict(TERMINAL)
    terminal[0x9F33] = bytes.fromhex(capabilities)
    application = Application(AID, b"\x00\x8c", True, None, Parameters())
    profile = Profile("test", terminal, [application], [CA_KEY], policies=policies)
    transaction = Transaction(profile, Request(1250, CLOCK), numbered())
    transaction.enter(application)
    transaction.step = "kernel.cardholder_verification"
    transaction.exchange.append((b"", b"\x90\x00"))
    data = {0x82: b"\x3c\x00", 0x5A: bytes.fromhex("4970101234567810"), 0x8F: b"\xf1"}
    data.update(objects)
    rules_list = bytes(8) + bytes.fromhex(rules_hex)
    data[0x8E] = rules_list
    transaction.bring(sorted(data.items()), 1)
    record = encode(0x70, encode(0x8E, rules_list) if list_in == 1 else encode(0x5F24, b"\x49\x12\x31"))
    transaction.authenticated = [(record, 2)]
    transaction.oda = oda
    transaction.action = decide(transaction)
    return transaction


def certified(static_data: bool = True, rules_hex: str = "44031F00", **lies: object) -> dict:
    """Issuer's and card's certificates; the latter signs the record of `begun`."""
    objects = issuer_certificate()
    record = encode(0x8E, bytes(8) + bytes.fromhex(rules_hex))
    objects.update(card_certificate(static_data=record if static_data else b"", **lies))
    return objects


def reply(transaction: Transaction, *replies: object) -> Transaction:
    for each in replies:
        transaction.action = decide(transaction, each)
    return transaction


def results(transaction: Transaction) -> str:
    assert transaction.action == "done", transaction.action
    return transaction.data[0x9F34].hex() + " " + tvr(transaction)


def test_enciphered_pin() -> None:
    transaction = begun("44031F00", certified())
    assert isinstance(transaction.action, Send) and transaction.action.command.hex() == "80ca9f1700"
    reply(transaction, TRIES)
    assert isinstance(transaction.action, EnterPin)
    assert (transaction.action.method, transaction.action.tries_left) == ("offline_enciphered", 3)
    reply(transaction, ENTERED)
    assert isinstance(transaction.action, Send) and transaction.action.command.hex() == "0084000000"
    reply(transaction, (CHALLENGE, 0x9000))
    asked = transaction.action
    assert isinstance(asked, VerifyPin)
    assert (asked.key, asked.challenge, asked.padding) == (CARD_KEY, CHALLENGE, b"\x01" * (88 - 17))
    reply(transaction, PinEntry("entered", 0x90, 0x00))
    assert results(transaction) == "440302 0000000000"
    assert transaction.cvm == "offline_pin"
    assert transaction.exchange[-1] == (b"\x00\x20\x00\x88", b"\x90\x00")


def test_a_wrong_pin_takes_a_new_challenge_and_new_padding() -> None:
    transaction = reply(begun("44031F00", certified()), TRIES, ENTERED, (CHALLENGE, 0x9000))
    reply(transaction, PinEntry("entered", 0x63, 0xC2))
    assert isinstance(transaction.action, EnterPin) and transaction.action.tries_left == 2
    reply(transaction, ENTERED)
    assert transaction.action.command.hex() == "0084000000"
    reply(transaction, (b"\x99" * 8, 0x9000))
    assert (transaction.action.challenge, transaction.action.padding) == (b"\x99" * 8, b"\x02" * 71)
    reply(transaction, PinEntry("entered", 0x90, 0x00))
    assert results(transaction) == "440302 0000000000"


def test_a_count_that_does_not_go_down() -> None:
    transaction = reply(begun("44031F00", certified()), TRIES, ENTERED, (CHALLENGE, 0x9000))
    reply(transaction, PinEntry("entered", 0x63, 0xC2), ENTERED, (CHALLENGE, 0x9000))
    assert results(reply(transaction, PinEntry("entered", 0x63, 0xC2))) == "1f0002 0000000000"


def test_a_count_that_another_rule_knows() -> None:
    """Of three tries two are gone, whatever the card says when the next rule asks it, or where it says nothing."""
    for said, left in (("9F170103", 0), ("9F170102", 0), ("9F170101", 1), ("", 1)):
        transaction = reply(begun("44034103", certified(rules_hex="44034103")), TRIES, ENTERED)
        reply(transaction, (CHALLENGE, 0x9000), PinEntry("entered", 0x63, 0xC2), ENTERED, (CHALLENGE, 0x9000))
        reply(transaction, PinEntry("entered", 0x63, 0xC2))
        reply(transaction, (bytes.fromhex(said), 0x9000 if said else 0x6A88))
        assert isinstance(transaction.action, EnterPin) == bool(left), said
        assert not left or transaction.action.tries_left == left


def test_the_key_made_for_it_comes_first() -> None:
    objects = certified(False, digest=bytes(20))  # the other key's certificate is false, and not needed
    objects.update(pin_certificate())
    transaction = reply(begun("44031F00", objects), TRIES, ENTERED, (CHALLENGE, 0x9000))
    assert transaction.action.key == CARD_KEY
    assert transaction.icc_key == (b"", b"")
    named = [entry for entry in transaction.trace if entry[1] == "pin_key_recovered"]
    assert named[0][3] == (0x9F2D,)


def test_a_key_that_is_half_there_is_none() -> None:
    """Book 2, 7.1: without all objects of the one the other is taken."""
    for tag in (0x9F2D, 0x9F2E):
        objects = certified()
        objects.update(pin_certificate())
        del objects[tag]
        transaction = reply(begun("44031F00", objects), TRIES)
        assert isinstance(transaction.action, EnterPin), tag
        assert transaction.icc_key == CARD_KEY


def test_the_key_of_data_authentication_is_not_recovered_again() -> None:
    transaction = reply(begun("44031F00", {}), TRIES)
    assert results(transaction) == "1f0002 0000000000"
    transaction = begun("44031F00", {})
    transaction.icc_key = CARD_KEY
    assert isinstance(reply(transaction, TRIES).action, EnterPin)


def test_without_a_key_nobody_is_asked() -> None:
    """Book 2, 7.1: PIN encipherment, and with it the method, has failed. The tries were read (Book 3, figure 11)."""
    false_pin_key = certified()
    false_pin_key.update(pin_certificate(key_algorithm=9))
    for objects, why in (
        ({}, "authentication_data_missing"),
        (certified(False), "signature_hash"),
        (certified(date="1020"), "certificate_expired"),
        (false_pin_key, "key_algorithm"),
    ):
        transaction = reply(begun("44031F00", objects), TRIES)
        assert results(transaction) == "1f0002 0000000000", why
        assert why in rules(transaction) and "pin_key_not_recovered" in rules(transaction)
        assert results(reply(begun("0403", objects, list_in=0), TRIES)) == "040301 0000800000"
        blocked = reply(begun("44031F00", objects), (bytes.fromhex("9F170100"), 0x9000))
        assert results(blocked) == "1f0002 0000200000"


def test_refused_challenge() -> None:
    for answer in ((b"", 0x6985), (b"", 0x6D00), (CHALLENGE[:7], 0x9000), (CHALLENGE + b"\x00", 0x9000)):
        transaction = reply(begun("44031F00", certified()), TRIES, ENTERED, answer)
        assert results(transaction) == "1f0002 0000000000", answer
        assert "pin_challenge_refused" in rules(transaction)


def test_blocked_and_bypassed() -> None:
    assert results(reply(begun("44031F00", certified()), (bytes.fromhex("9F170100"), 0x9000))) == "1f0002 0000200000"
    assert results(reply(begun("44031F00", certified()), TRIES, PinEntry("bypassed"))) == "1f0002 0000080000"
    assert results(reply(begun("44031F00", certified()), TRIES, PinEntry("unavailable"))) == "1f0002 0000100000"
    for sw in (0x63C0, 0x6983, 0x6984):
        transaction = reply(begun("44031F00", certified()), TRIES, ENTERED, (CHALLENGE, 0x9000))
        assert results(reply(transaction, PinEntry("entered", sw >> 8, sw & 0xFF))) == "1f0002 0000200000"


def test_with_signature() -> None:
    objects = certified(False)
    objects.update(pin_certificate())
    transaction = reply(begun("0503", objects), TRIES, ENTERED, (CHALLENGE, 0x9000))
    assert results(reply(transaction, PinEntry("entered", 0x90, 0x00))) == "050300 0000000000"
    assert results(begun("45031F00", objects, capabilities="60D8C8")) == "1f0002 0000000000"


LIST = "4103" + "4203" + "1F00"


def method(transaction: Transaction) -> str:
    """What PIN is being asked for, "" for none."""
    if isinstance(transaction.action, Send):
        reply(transaction, TRIES)
    return transaction.action.method if isinstance(transaction.action, EnterPin) else ""


def test_c04_plaintext_pin_by_a_signed_list() -> None:
    for oda in ("sda", "dda", "cda"):
        assert method(begun(LIST, {}, policies=("C-04",), oda=oda)) == "offline_plaintext", oda


def test_c04_no_plaintext_pin_by_a_list_that_nobody_signed() -> None:
    for oda in ("sda", "dda", "cda"):
        transaction = begun(LIST, {}, policies=("C-04",), list_in=0, oda=oda)
        assert method(transaction) == "online", oda
        assert "policy_no_plaintext_pin" in rules(transaction)
        assert method(begun(LIST, {}, list_in=0, oda=oda)) == "offline_plaintext", oda
    transaction = begun(LIST, {}, policies=("C-04",))
    assert method(transaction) == "online"


def test_c04_no_plaintext_pin_after_failed_authentication() -> None:
    for bit in (0x950140, 0x950108, 0x950104):
        transaction = begun("1F00", {}, policies=("C-04",), oda="dda")
        transaction.note("authentication_failed", (), bit)
        transaction.data[0x8E] = bytes(8) + bytes.fromhex("01005F00")
        transaction.action = decide(transaction)
        assert results(transaction)[:6] == "3f0001"
        assert transaction.data[0x95][2] == 0x80


def test_c04_a_record_of_a_file_above_ten_gives_no_list() -> None:
    transaction = begun("1F00", {}, policies=("C-04",), oda="dda")
    transaction.authenticated = [(record, 0) for record, _ in transaction.authenticated]
    transaction.data[0x8E] = bytes(8) + bytes.fromhex(LIST)
    transaction.action = decide(transaction)
    assert method(transaction) == "online"


def test_c04_leaves_enciphered_pin_alone() -> None:
    objects = certified(False)
    objects.update(pin_certificate())
    assert method(begun("4103" + "4403" + "1F00", objects, policies=("C-04",), list_in=0)) == "offline_enciphered"
