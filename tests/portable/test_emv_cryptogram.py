"""GENERATE AC, first and second, and CDA in both (Book 2, 6.6; Book 3, 10.8 and 10.11; Book 4, 6.3.2)."""

from __future__ import annotations

from emv.errors import CardFault
from emv.tlv import encode
from emv.transaction import Transaction
from tests.support.emv_bench import decide, entered, rules, tvr
from tests.support.forged_card import CARD_KEY, cda_answer

FIRST, SECOND = "kernel.card_action_analysis", "kernel.completion"
AAC, TC, ARQC = 0x00, 0x40, 0x80
CDOL1 = "9F02069F3704"
CDOL2 = "8A029F3704"
FILLED = bytes.fromhex("000000001250" + "00000000")
NUMBER = bytes(4)
COVERS = {"test_an_answer_without_signature_is_no_cda": ["attacks/C-11"]}


def asked(
    requested: int = TC, step: str = FIRST, oda: str = "cda", listed: bytes = b"", cdol1: str = CDOL1
) -> Transaction:
    """The command is sent, the card is to answer."""
    transaction = entered(step, {0x82: "3D00", 0x8C: cdol1, 0x8D: CDOL2})
    transaction.oda = oda
    transaction.icc_key = CARD_KEY if oda == "cda" else (b"", b"")
    transaction.requested = requested
    transaction.listed = listed
    if step == SECOND:
        transaction.put(0x8A, b"00")
        transaction.put(0x9F37, NUMBER)
    transaction.command = decide(transaction).command.hex()
    return transaction


def end(transaction: Transaction, answer: bytes, sw: int = 0x9000) -> str:
    """The result of the step, or why the transaction ends here."""
    try:
        return decide(transaction, (answer, sw))
    except CardFault as fault:
        return fault.why


def plain(kind: int) -> bytes:
    objects = ((0x9F27, bytes((kind,))), (0x9F36, b"\x00\x07"), (0x9F26, b"\x33" * 8))
    return encode(0x77, b"".join([encode(tag, value) for tag, value in objects]))


def test_what_is_asked_for() -> None:
    for requested, oda, reference in (
        (TC, "cda", "50"),
        (ARQC, "cda", "90"),
        (AAC, "cda", "00"),
        (TC, "dda", "40"),
        (ARQC, "none", "80"),
    ):
        assert asked(requested, oda=oda).command == "80ae" + reference + "000a" + FILLED.hex() + "00"
    assert asked(TC, SECOND).command == "80ae500006" + "3030" + "00000000" + "00"
    assert asked(AAC, SECOND).command[:8] == "80ae0000"


def test_after_a_key_that_was_not_recovered_no_signature_is_asked_for() -> None:
    transaction = entered(FIRST, {0x8C: CDOL1, 0x8D: CDOL2})
    transaction.oda = "cda"
    transaction.requested = TC
    assert decide(transaction).command.hex()[:8] == "80ae4000"


def test_signed_answers() -> None:
    for kind, result in ((TC, "approved"), (ARQC, "online")):
        transaction = asked(max(kind, TC) if kind == ARQC else TC)
        assert end(transaction, cda_answer(FILLED, NUMBER, kind)) == result
        assert tvr(transaction) + transaction.data[0x9B].hex() == "0000000000a000"
        assert (transaction.data[0x9F26], transaction.data[0x9F4C]) == (b"\x22" * 8, b"\x01\x02\x03\x04")


def test_signature_over_all_that_was_asked_since_the_beginning() -> None:
    options = b"options"
    assert end(asked(TC, listed=options), cda_answer(options + FILLED, NUMBER)) == "approved"
    assert end(asked(TC, listed=options), cda_answer(FILLED, NUMBER)) == "declined"
    before = options + FILLED
    second = bytes.fromhex("3030" + "00000000")
    transaction = asked(TC, SECOND, listed=before)
    assert end(transaction, cda_answer(before + second, NUMBER)) == "completed" and transaction.final == "approved"
    transaction = asked(TC, SECOND, listed=before)
    assert end(transaction, cda_answer(before, NUMBER)) == "completed" and transaction.final == "declined"
    assert tvr(transaction) == "0400000000"


def test_each_check_of_a_signed_answer() -> None:
    """Book 2, 6.6.2: a TC that fails one is declined."""
    for lies, why in (
        ({"trailer": 0xBD}, "signature_trailer"),
        ({"header": 0x6B}, "signature_header"),
        ({"form": 3}, "signature_format"),
        ({"hash_algorithm": 2}, "signature_algorithm"),
        ({"digest": bytes(20)}, "signature_hash"),
        ({"length": 200}, "dynamic_data_length"),
        ({"length": 33}, "dynamic_data_length"),
        ({"signed_kind": ARQC}, "signed_cryptogram_differs"),
        ({"transaction_hash": bytes(20)}, "transaction_hash_differs"),
    ):
        transaction = asked()
        result = end(transaction, cda_answer(FILLED, NUMBER, **lies))
        assert result == ("to_be_closed" if "signed_kind" in lies else "declined"), lies
        assert rules(transaction)[0] == why, lies
        assert tvr(transaction) + transaction.data[0x9B].hex() == "0400000000a000"
        assert transaction.data[0x8A] == b"Z1"
    transaction = asked()
    assert end(transaction, cda_answer(FILLED, b"\x00\x00\x00\x01")) == "declined"
    assert rules(transaction)[0] == "signature_hash"


def test_an_arqc_whose_signature_is_false_is_closed_with_an_aac() -> None:
    transaction = asked(ARQC)
    assert end(transaction, cda_answer(FILLED, NUMBER, ARQC, digest=bytes(20))) == "to_be_closed"
    assert transaction.requested == AAC
    transaction.step, transaction.progress = SECOND, None
    transaction.exchange.append((b"", b"\x90\x00"))
    assert decide(transaction).command.hex().startswith("80ae00000" + "6" + "5a31")
    assert end(transaction, plain(AAC)) == "completed" and transaction.final == "declined"


def test_the_signed_type_counts() -> None:
    """Book 4, 6.3.2: once it could be read from the signature."""
    for kind, signed_kind, result in (
        (TC, ARQC, "to_be_closed"),
        (ARQC, TC, "declined"),
        (ARQC, AAC, "declined"),
    ):
        transaction = asked(ARQC if kind == ARQC else TC)
        assert end(transaction, cda_answer(FILLED, NUMBER, kind, signed_kind=signed_kind)) == result, (
            kind,
            signed_kind,
        )
        assert (transaction.cid_first, transaction.data[0x9F27][0]) == (kind, signed_kind)


def test_an_answer_without_signature_is_no_cda() -> None:
    format_1 = encode(0x80, bytes.fromhex("400007" + "33" * 8))
    for answer in (plain(TC), format_1):
        transaction = asked()
        assert end(transaction, answer) == "declined"
        assert rules(transaction)[0] == "signature_missing"
        assert tvr(transaction) == "0400000000"
    assert end(asked(ARQC), plain(ARQC)) == "to_be_closed"


def test_a_list_without_our_number_proves_nothing() -> None:
    transaction = asked(cdol1="9F0206")
    assert end(transaction, cda_answer(FILLED[:6], NUMBER)) == "declined"
    assert rules(transaction)[0] == "number_not_asked"


def test_an_aac_has_no_signature_to_check() -> None:
    transaction = asked()
    assert end(transaction, plain(AAC)) == "declined"
    assert tvr(transaction) + transaction.data[0x9B].hex() == "00000000002000"


def test_a_clear_cryptogram_gives_way_to_the_signed_one() -> None:
    clear = encode(0x9F26, b"\x44" * 8)
    transaction = asked()
    assert end(transaction, cda_answer(FILLED, NUMBER, clear=clear)) == "approved"
    assert transaction.data[0x9F26] == b"\x22" * 8


def test_answers_that_end_the_transaction() -> None:
    for answer, sw, why in (
        (b"", 0x6985, "cryptogram_refused"),
        (encode(0x77, encode(0x9F27, b"\x40")), 0x9000, "cryptogram_missing"),
        (encode(0x77, encode(0x9F36, b"\x00\x07")), 0x9000, "cryptogram_missing"),
        (encode(0x77, encode(0x9F27, b"\x40") + encode(0x9F36, b"\x00\x07")), 0x9000, "cryptogram_missing"),
        (plain(0xC0), 0x9000, "cryptogram_above_request"),
        (encode(0x80, bytes(10)), 0x9000, "template_unexpected"),
        (plain(TC) + plain(TC), 0x9000, "template_unexpected"),
    ):
        assert end(asked(oda="none"), answer, sw) == why, why
    assert end(asked(ARQC, oda="none"), plain(TC)) == "cryptogram_above_request"
    assert end(asked(AAC), plain(ARQC)) == "cryptogram_above_request"


def test_the_hash_of_the_certificate_data() -> None:
    """Tag 98 by the card's TDOL, or by ours, and then TVR byte 5 bit 8 is set before the list is filled."""
    for tdol, bits in (("9F0206", "0000000000"), ("", "0000000080")):
        data = {0x8C: "9814" + "9505", 0x8D: CDOL2}
        if tdol:
            data[0x97] = tdol
        transaction = entered(FIRST, data, tdol=bytes.fromhex("9F1A02"))
        transaction.requested = TC
        command = decide(transaction).command.hex()
        assert command[50:60] == bits
        assert transaction.tvr_first.hex() == bits


def test_without_any_list_the_hash_is_of_nothing() -> None:
    """Book 3, 9.2.2: no default list was used then, and none is said to have been."""
    transaction = entered(FIRST, {0x8C: "9814" + "9505", 0x8D: CDOL2})
    transaction.requested = TC
    command = decide(transaction).command.hex()
    assert command[10:50] == "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert command[50:60] == "0000000000"


def test_the_card_hears_what_the_terminal_decided() -> None:
    """Book 4, 6.3.6: Y1 and Z1 stand before the first GENERATE AC, and nothing where the issuer is to be asked."""
    for requested, code in ((TC, "5931"), (AAC, "5a31"), (ARQC, "0000")):
        assert asked(requested, oda="none", cdol1="8A02").command[10:14] == code


def test_an_aac_of_a_card_that_could_sign_is_not_authenticated() -> None:
    """Book 2, 6.6, figure 3: the TVR says so, in the command too; not when CDA has failed before."""
    transaction = asked(AAC, cdol1="9505")
    assert transaction.command[10:20] == transaction.tvr_first.hex() == "8000000000"
    for requested, oda in ((TC, "cda"), (AAC, "dda"), (AAC, "none")):
        assert asked(requested, oda=oda, cdol1="9505").command[10:20] == "0000000000"
    failed = entered(FIRST, {0x8C: "9505", 0x8D: CDOL2})
    failed.oda = "cda"
    failed.note("authentication_failed", (), 0x950104)
    assert decide(failed).command.hex()[10:20] == "0400000000"


def test_a_second_answer_above_the_request_is_an_aac() -> None:
    """Book 3, 9.3: all has been said by then, the transaction is declined."""
    for requested, kind in ((AAC, TC), (AAC, ARQC), (TC, 0xC0)):
        transaction = asked(requested, SECOND, oda="none")
        transaction.cid_first = ARQC
        assert end(transaction, plain(kind)) == "completed"
        assert (transaction.final, rules(transaction)[0]) == ("declined", "cryptogram_above_request")
