"""Offline data authentication of a chip, and of Book 2 each check by a card that fails just that one."""

from __future__ import annotations

from typing import Any

from tests.conformance.cases.chip import CARD_KEY, INTERNAL, chip, offline, says
from tests.conformance.cases.forged import forged
from tests.conformance.table import Case, case, known, step

_DDA_FAILED = {"tvr": "0800000000", "oda": "dda"}
_SDA_FAILED = {"tvr": "4200000000", "oda": "sda"}


def terminal(capabilities: str) -> dict[str, str]:
    return {"9F33": "60C8" + capabilities}


def chosen(card: str, capabilities: str, oda: str, tvr: str) -> Case:
    setting = offline(application={"interchange_profile": bytes.fromhex(card)}, data=terminal(capabilities))
    if oda == "sda":
        setting = offline(
            card="sda_legacy", application={"interchange_profile": bytes.fromhex(card)}, data=terminal(capabilities)
        )
    return case(
        "choice", f"card {card}, terminal {capabilities}: {oda}", "Book 3 10.3", setting, "approved", oda=oda, tvr=tvr
    )


def lie(what: str, told: dict, rule: str, paragraph: str, of: str = "issuer", method: str = "DDA") -> Case:
    profile, expect = ("5C00", _SDA_FAILED) if method == "SDA" else ("3C00", _DDA_FAILED)
    lies: dict[str, Any] = {of: told}
    setting = forged(profile, **lies)
    return case(method, f"{of}: {what}", paragraph, setting, "approved", rule, **expect)


_BLOCK = (
    ("trailer not BC", {"trailer": 0xBD}, "signature_trailer"),
    ("header not 6A", {"header": 0x6B}, "signature_header"),
    ("another format", {"form": 9}, "signature_format"),
    ("hash algorithm not SHA-1", {"hash_algorithm": 2}, "signature_algorithm"),
    ("hash differs", {"digest": bytes(20)}, "signature_hash"),
)
_KEY = (
    ("expired the month before", {"date": "1026"}, "certificate_expired"),
    ("month 13", {"date": "1349"}, "certificate_date"),
    ("key algorithm not RSA", {"key_algorithm": 2}, "key_algorithm"),
    ("exponent 5", {"exponent": b"\x05"}, "key_exponent"),
    ("length of exponent differs", {"exponent_length": 3}, "key_exponent"),
    ("key longer than its certifier's", {"key_length": 129}, "key_length"),
)

METHODS = step(
    "Offline data authentication",
    chosen("1C00", "C8", "none", "8000000000"),
    chosen("7D00", "00", "none", "8000000000"),
    chosen("7D00", "C8", "cda", "0000000000"),
    chosen("7D00", "C0", "dda", "0000000000"),
    chosen("7D00", "40", "dda", "0000000000"),
    chosen("5C00", "80", "sda", "0200000000"),
    chosen("7C00", "80", "sda", "0200000000"),
    known("SDA", "static signature good", "Book 2 5.4", "contact_sda_offline_approved"),
    known("SDA", "a signed record changed", "Book 2 5.4", "contact_sda_record_changed", rule="signature_hash"),
    *[lie(*row, "Book 2 5.4", "static", "SDA") for row in _BLOCK],
    case("SDA", "no static signature (93)", "Book 2 5.1", forged("5C00", without=(0x93,)), "approved",
         "authentication_data_missing", tvr="6200000000"),
    known("DDA", "dynamic signature good", "Book 2 6.5", "contact_dda_offline_approved", rule="dynamic_data_authentic"),
    known("DDA", "keys of 1984 bits, exponent 65537", "Book 2 11.1", "contact_dda_longest_keys"),
    case("DDA", "all of its own making, and good", "Book 2 6.5", forged(), "approved", "dynamic_data_authentic",
         tvr="0000000000", tsi="E800"),
    *[lie(*row, "Book 2 6.3", "issuer") for row in _BLOCK + _KEY],
    lie("for other account numbers", {"subject": "49701013"}, "issuer_identifier_differs", "Book 2 6.3"),
    *[lie(*row, "Book 2 6.4", "card") for row in _BLOCK + _KEY],
    lie("for another account number", {"subject": "4970101234567811ffff"}, "certificate_pan_differs", "Book 2 6.4",
        "card"),
    *[lie(*row, "Book 2 6.5.2", "dynamic") for row in _BLOCK],
    lie("ICC dynamic data longer than its block", {"length": 200}, "dynamic_data_length", "Book 2 6.5.2", "dynamic"),
    *[
        case("DDA", f"{name} missing", "Book 3 10.3", forged(without=(tag,)), "approved", "authentication_data_missing",
             tvr="2800000000")
        for tag, name in (
            (0x8F, "index of the CA key (8F)"), (0x90, "issuer certificate (90)"), (0x9F32, "its exponent (9F32)"),
            (0x92, "its remainder (92)"), (0x9F46, "card certificate (9F46)"), (0x9F47, "its exponent (9F47)"),
        )
    ],
    case("DDA", "a CA key that the terminal has not", "Book 2 5.2", forged(more={0x8F: b"\xee"}), "approved",
         "ca_key_unknown", **_DDA_FAILED),
    case("DDA", "issuer certificate one byte short", "Book 2 6.3", forged(more={0x90: bytes(127)}), "approved",
         "signature_length", **_DDA_FAILED),
    case("DDA", "DDOL without our number", "Book 2 6.5.1", forged(more={0x9F49: b"\x9f\x02\x06"}), "approved",
         "ddol_without_number", **_DDA_FAILED),
    case("DDA", "no DDOL: the terminal's", "Book 2 6.5.1", forged(without=(0x9F49,)), "approved",
         "dynamic_data_authentic", tvr="0000000000"),
    case("DDA", "INTERNAL AUTHENTICATE refused (6985)", "Book 2 6.5.1", chip(answers={INTERNAL: "6985"}, issuer=None),
         "end_application", "authentication_refused"),
    case("DDA", "INTERNAL AUTHENTICATE without a signature", "Book 2 6.5.1",
         chip(answers={INTERNAL: "7700" + "9000"}, issuer=None), "end_application",
         "authentication_response_incomplete"),
    case("DDA", "INTERNAL AUTHENTICATE of neither format", "Book 2 6.5.1",
         chip(answers={INTERNAL: "6F00" + "9000"}, issuer=None), "end_application",
         "authentication_response_incomplete"),
    case("DDA", "a key record that is no template", "Book 3 10.2",
         chip(answers={CARD_KEY: says("7700" + "9000")}, issuer=None),
         "end_application", "template_unexpected"),
    known("DDA", "signature false: TAC-Denial declines", "Book 3 10.7", "contact_dda_signature_false", rule="denied"),
    known("CDA, first GENERATE AC", "TC signed", "Book 2 6.6", "contact_cda_offline_approved",
          rule="cryptogram_authentic"),
    *[
        known("CDA, first GENERATE AC", title, "Book 2 6.6.2", "contact_cda_offline_approved", title, rule)
        for title, rule in (
            ("one byte of the signature changed", "authentication_failed"),
            ("the counter beside the signature changed", "transaction_hash_differs"),
            ("no signature at all", "signature_missing"),
            ("an answer of format 1", "signature_missing"),
            ("the card declines: there is no signature to check", "card_declines"),
        )
    ],
    known("CDA, first GENERATE AC", "ARQC not authentic: AAC asked for at once", "Book 4 6.3.6",
          "contact_cda_false_at_first_cryptogram", rule="authentication_failed"),
    known("CDA, second GENERATE AC", "TC signed", "Book 2 6.6.2", "contact_cda_false_at_second_cryptogram"),
    known("CDA, second GENERATE AC", "signature false", "Book 2 6.6.2", "contact_cda_false_at_second_cryptogram",
          "the second signature is not the card's", "authentication_failed"),
    known("CDA", "certificate false: no signature asked for", "Book 4 6.3.2", "contact_cda_key_false"),
    case("9F4A", "names more than the AIP", "Book 2 5.1.1",
         offline(answers={"00B20114": lambda said: said.replace(b"\x9f\x4a\x01\x82", b"\x9f\x4a\x01\x95")}),
         "approved", "static_tag_list", **_DDA_FAILED),
)  # fmt: skip

CASES = METHODS
