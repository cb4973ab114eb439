"""Offline data authentication as a step: which method, what it needs, which bits it leaves (Book 3, 10.3)."""

from __future__ import annotations

from emv.action import Send
from emv.errors import CardFault
from emv.profile import Application, Parameters, Profile
from emv.transaction import Transaction
from tests.support.emv_bench import AID, TERMINAL, decide, entered, rules, tvr
from tests.support.forged_card import (
    CA_KEY,
    CARD,
    card_certificate,
    dynamic_signature,
    issuer_certificate,
    static_signature,
)

STEP = "kernel.offline_data_authentication"
COVERS = {
    "test_a_card_that_denies_its_method": ["attacks/C-03"],
    "test_the_profile_is_signed_where_the_card_says_so": ["attacks/C-03"],
}

RECORD = bytes.fromhex("70075F2403491231" + "00")
SIGNED = RECORD[2:]
SDA, DDA, CDA = "5C00", "3C00", "3D00"


def before(
    aip: str, objects: dict, signed: list = (RECORD,), capabilities: str = "60E8C8", **more: object
) -> Transaction:
    """Before the step, the card's records read; `signed` are those under data authentication."""
    terminal = dict(TERMINAL)
    terminal[0x9F33] = bytes.fromhex(capabilities)
    application = Application(AID, b"\x00\x8c", True, None, Parameters())
    profile = Profile("test", terminal, [application], more.pop("ca_keys", [CA_KEY]))
    data = {0x82: aip, 0x5A: "4970101234567810", 0x8F: "F1"}
    data.update({tag: value.hex() for tag, value in objects.items()})
    transaction = entered(STEP, data, profile=profile, ddol=more.pop("ddol", bytes.fromhex("9F3704")))
    transaction.authenticated = [(record, 2) for record in signed]
    return transaction


def static(static_data: bytes = SIGNED, **lies: object) -> dict:
    objects = issuer_certificate()
    objects[0x93] = static_signature(static_data, **lies)
    return objects


def dynamic(static_data: bytes = SIGNED, **lies: object) -> dict:
    objects = issuer_certificate()
    objects.update(card_certificate(static_data=static_data, **lies))
    return objects


def performed(transaction: Transaction) -> str:
    """Runs the step without a question: TVR and TSI."""
    assert decide(transaction) == "done"
    return tvr(transaction) + transaction.data[0x9B].hex()


def test_method_is_the_strongest_in_common() -> None:
    for aip, capabilities, method in (
        ("7D00", "60E8C8", "cda"),
        ("7C00", "60E8C8", "dda"),
        ("5C00", "60E8C8", "sda"),
        ("1C00", "60E8C8", "none"),
        ("7D00", "60E8C0", "dda"),
        ("7D00", "60E888", "cda"),
        ("7D00", "60E880", "sda"),
        ("7D00", "60E800", "none"),
        ("3D00", "60E880", "none"),
    ):
        transaction = before(aip, {}, capabilities=capabilities)
        decide(transaction)
        assert transaction.oda == method, (aip, capabilities)


def test_a_card_that_denies_its_method() -> None:
    assert performed(before("1C00", dynamic())) == "80000000000000"


def test_sda() -> None:
    transaction = before(SDA, static())
    assert performed(transaction) == "02000000008000"
    assert (transaction.data[0x9F45], transaction.data[0x9F22]) == (b"\xda\xc0", b"\xf1")


def test_static_data_is_records_in_their_order_then_the_profile() -> None:
    other = bytes.fromhex("70035F3401")
    together = SIGNED + other[2:] + bytes.fromhex(SDA)
    objects = static(together)
    objects[0x9F4A] = b"\x82"
    assert performed(before(SDA, objects, [RECORD, other])) == "02000000008000"
    assert performed(before(SDA, objects, [other, RECORD])) == "42000000008000"


def test_records_of_files_above_ten_count_whole() -> None:
    transaction = before(SDA, static(RECORD), [])
    transaction.authenticated = [(RECORD, 0)]
    assert performed(transaction) == "02000000008000"


def test_a_signed_record_that_is_no_template() -> None:
    transaction = before(SDA, static())
    transaction.authenticable = False
    assert performed(transaction) == "42000000008000"
    assert "record_not_template" in rules(transaction)


def test_the_profile_is_signed_where_the_card_says_so() -> None:
    objects = static(SIGNED + bytes.fromhex("7D00"))  # the card was personalised for CDA, and says SDA now
    objects[0x9F4A] = b"\x82"
    assert performed(before(SDA, objects)) == "42000000008000"


def test_tag_list_names_nothing_but_the_profile() -> None:
    for listed in (b"\x82\x82", b"\x84", b"\x5f\x24"):
        objects = static()
        objects[0x9F4A] = listed
        transaction = before(SDA, objects)
        assert performed(transaction) == "42000000008000", listed
        assert "static_tag_list" in rules(transaction)


def test_missing_data() -> None:
    """Book 3, 7.5: what is not there is a bit of its own beside that of the method."""
    for aip, objects, needed, bits in (
        (SDA, static(), (0x8F, 0x90, 0x9F32, 0x92, 0x93), "62"),
        (DDA, dynamic(), (0x8F, 0x90, 0x9F32, 0x92, 0x9F46, 0x9F47, 0x9F48), "28"),
        (CDA, dynamic(), (0x8F, 0x90, 0x9F32, 0x92, 0x9F46, 0x9F47, 0x9F48), "24"),
    ):
        for tag in needed:
            transaction = before(aip, objects)
            del transaction.data[tag]
            assert performed(transaction) == bits + "000000008000", (aip, tag)


def test_unknown_ca_key() -> None:
    for aip, objects, bits in ((SDA, static(), "42"), (DDA, dynamic(), "08"), (CDA, dynamic(), "04")):
        transaction = before(aip, objects, ca_keys=[])
        assert performed(transaction) == bits + "000000008000"
        assert rules(transaction).count("ca_key_unknown") == 1


def test_the_failed_check_is_told_with_its_object_and_bit() -> None:
    transaction = before(DDA, dynamic(key_algorithm=7))
    performed(transaction)
    assert transaction.trace[0][1:4] == ("key_algorithm", 0, (0x9F46,))
    assert [entry[1:3] for entry in transaction.trace[1:]] == [
        ("authentication_failed", 0x950108),
        ("authentication_performed", 0x9B0180),
    ]


def challenged(**more: object) -> Transaction:
    objects = dynamic()
    objects.update(more.pop("objects", {}))
    transaction = before(DDA, objects, **more)
    transaction.action = decide(transaction)
    return transaction


def test_dda() -> None:
    """Both formats of answer; the signature is over what the list asked for."""
    signature = dynamic_signature(b"\x02\x11\x22", bytes(4))
    for answer in (b"\x80\x58" + signature, b"\x77\x5b\x9f\x4b\x58" + signature):
        transaction = challenged()
        assert isinstance(transaction.action, Send)
        assert transaction.action.command.hex() == "00880000040000000000"
        assert decide(transaction, (answer, 0x9000)) == "done"
        assert tvr(transaction) + transaction.data[0x9B].hex() == "00000000008000"
        assert transaction.data[0x9F4C] == b"\x11\x22"


def test_dda_of_another_challenge() -> None:
    transaction = challenged()
    signature = dynamic_signature(b"\x02\x11\x22", b"\x00\x00\x00\x01")
    assert decide(transaction, (b"\x80\x58" + signature, 0x9000)) == "done"
    assert tvr(transaction) == "0800000000"
    assert 0x9F4C not in transaction.data


def test_dda_list_of_the_card_and_of_the_terminal() -> None:
    transaction = challenged(objects={0x9F49: bytes.fromhex("9F37049F1A02")})
    assert transaction.action.command.hex() == "0088000006" + "00000000" + "0250" + "00"
    for ddol in ("", "9F1A02", "9F37"):
        for more in ({"ddol": bytes.fromhex(ddol)}, {"objects": {0x9F49: bytes.fromhex(ddol)}}):
            if ddol or "ddol" in more:
                transaction = challenged(**more)
                assert transaction.action == "done", ddol
                assert tvr(transaction) == "0800000000"
                assert "ddol_without_number" in rules(transaction)


def ended(transaction: Transaction, reply: object) -> str:
    """Why the transaction ends here; "" when it goes on."""
    try:
        decide(transaction, reply)
    except CardFault as fault:
        return fault.why
    return ""


def test_refused_or_incomplete_answer_ends_it() -> None:
    """Book 3, 6.5.9: a card that cannot answer is no card; a signature that is false is a bit."""
    for answer, sw, why in (
        (b"", 0x6985, "authentication_refused"),
        (b"\x77\x04\x9f\x36\x01\x00", 0x9000, "authentication_response_incomplete"),
        (b"\x70\x04\x9f\x4b\x01\x00", 0x9000, "authentication_response_incomplete"),
    ):
        assert ended(challenged(), (answer, sw)) == why


def test_cda_has_its_key_and_nothing_else_yet() -> None:
    transaction = before(CDA, dynamic())
    assert performed(transaction) == "00000000000000"
    assert transaction.icc_key[0] == CARD.modulus
    failed = before(CDA, dynamic(digest=bytes(20)))
    assert performed(failed) == "04000000008000"
    assert failed.icc_key[0] == b""
