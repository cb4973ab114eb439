"""Data authentication and offline PIN: every method, its keys at their longest, and what a false card gets."""

from __future__ import annotations

import tomllib

from tests.cards.scenarios import Answer, Scenario, changed, file, offline_applications
from tools.simulators import personalisation
from tools.simulators.rsa import RsaKey
from tools.simulators.scheme import KEYS

_LONGEST = tomllib.loads((KEYS / "longest.toml").read_text())
_LONGEST_KEY = RsaKey.from_table(_LONGEST["icc_key"])
_PIN_KEY = RsaKey.from_table(_LONGEST["pin_key"])
_ICC_KEY = personalisation.load("cb_visa_debit").icc_key

_LONGEST_AID = bytes.fromhex("F05A494E4301")

SDA, DDA, CDA, _NO_ODA = (bytes.fromhex(profile) for profile in ("5C00", "3C00", "3D00", "1C00"))
_NO_CODES = (bytes(5), bytes(5), bytes(5))
_ENCIPHERED = {"9F33": "60D8C8"}  # enciphered beside plaintext offline PIN, online PIN, no CVM
_ENCIPHERED_ONLY = {"9F33": "6058C8"}
_WITH_SIGNATURE = {"9F33": "60F8C8"}
NO_CVM = "1F00"


def _padding(key: RsaKey | None, fill: str) -> str:
    assert key is not None
    return fill * (key.length - 17)


def accepting(profile: bytes, cvm_list: str, **more: object) -> dict:
    """An application whose card approves offline what its terminal does."""
    return {
        "interchange_profile": profile,
        "cvm_list": bytes(8) + bytes.fromhex(cvm_list),
        "offline_limit_minor": 5000,
        "action_codes": _NO_CODES,
        **more,
    }


def offline(name: str, title: str, expect: dict, application: dict, **more: object) -> Scenario:
    """One in a terminal that leaves all to the card, at 12,50."""
    card = more.pop("card", "cb_visa_debit")
    keys: dict[str, RsaKey] = more.pop("keys", {})
    answers: dict[str, Answer] = more.pop("answers", {})
    schemes = more.pop("schemes", ("A000000003", "A000000042"))
    more.setdefault("applications", offline_applications())
    written = file("Contact: " + title, "contact", 1250, expect, **more)
    return Scenario(name, card, written, schemes, application, keys, answers)


def _usage_changed(response: bytes) -> bytes:
    return response.replace(bytes.fromhex("9F0702FFC0"), bytes.fromhex("9F0702FF80"))


_APPROVED_PIN = {
    "outcome": "approved",
    "tvr": "0000000000",
    "tsi": "E800",
    "cvm_results": "440302",
    "cid": "40",
    "data": {"8A": "5931"},
}

AUTHENTICATION = [
    offline(
        "contact_enciphered_pin",
        "DDA, then the PIN enciphered with the key of DDA, recovered once",
        _APPROVED_PIN | {"oda": "dda"},
        accepting(DDA, "4403" + NO_CVM),
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        random=["00000001", _padding(_ICC_KEY, "A5"), "00000002"],
    ),
    offline(
        "contact_enciphered_pin_own_key_wrong_then_right",
        "SDA, the PIN enciphered with a key of its own (9F2D); wrong at first, so a new challenge and new padding",
        _APPROVED_PIN | {"tvr": "0200000000", "oda": "sda"},
        accepting(SDA, "4403" + NO_CVM),
        card="sda_legacy",
        keys={"pin_key": _PIN_KEY},
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        answers={"00200088": ["63C2"]},
        random=[_padding(_PIN_KEY, "A5"), _padding(_PIN_KEY, "5A"), "00000001"],
    ),
    offline(
        "contact_enciphered_pin_own_key_false",
        "the certificate of the PIN's key (9F2D) is false: nobody is asked, the card's next rule counts",
        {"outcome": "approved", "tvr": "0200000000", "cvm_results": "1F0002", "oda": "sda"},
        accepting(SDA, "4403" + NO_CVM),
        card="sda_legacy",
        keys={"pin_key": _PIN_KEY},
        answers={"00B2031C": changed(60)},
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        random=["00000001"],
    ),
    offline(
        "contact_enciphered_pin_no_challenge",
        "the card refuses GET CHALLENGE after the PIN was typed: the method has failed, and with it verification",
        {"outcome": "approved", "tvr": "0000800000", "cvm_results": "040301", "oda": "dda"},
        accepting(DDA, "0403" + NO_CVM),
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        answers={"0084": "6985"},
    ),
    offline(
        "contact_enciphered_pin_without_authentication",
        "no data authentication, yet the card has certificates: its key is recovered for the PIN alone",
        _APPROVED_PIN | {"tvr": "8000000000", "tsi": "6800", "oda": "none"},
        accepting(_NO_ODA, "4403" + NO_CVM),
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        random=[_padding(_ICC_KEY, "A5"), "00000001"],
    ),
    offline(
        "contact_enciphered_pin_and_signature",
        "enciphered PIN together with a signature: the result stays open",
        _APPROVED_PIN | {"cvm_results": "450300", "oda": "dda"},
        accepting(DDA, "4503" + NO_CVM),
        data=_WITH_SIGNATURE,
        cardholder={"pin": "1234"},
        random=["00000001", _padding(_ICC_KEY, "A5"), "00000002"],
    ),
    offline(
        "contact_pin_and_signature_without_signature",
        "PIN and signature, on a terminal that takes no signature: neither half counts, the next rule does",
        {"outcome": "approved", "tvr": "0000000000", "cvm_results": "410302", "oda": "dda"},
        accepting(DDA, "450043004103" + NO_CVM),
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
    ),
    offline(
        "contact_plaintext_pin_on_terminal_without",
        "plaintext PIN on a terminal of enciphered PIN alone: not supported, no word of a missing PIN pad",
        {"outcome": "approved", "tvr": "0000800000", "cvm_results": "3F0001", "oda": "dda"},
        accepting(DDA, "01000400"),
        data=_ENCIPHERED_ONLY,
        cardholder={"pin": "1234"},
    ),
    offline(
        "contact_cda_offline_approved",
        "CDA, approved by the card; twins whose signed answer is changed are declined",
        {
            "outcome": "approved",
            "tvr": "0000000000",
            "tsi": "E800",
            "cid": "40",
            "oda": "cda",
            "data": {"9F4C": "0000000000000001", "9F22": "F1"},
        },
        accepting(CDA, NO_CVM),
        random=["00000001"],
        mutations=[
            {
                "title": "one byte of the signature changed",
                "edits": [{"exchange": -1, "response": changed(-60)}],
                "expect": {"outcome": "declined", "tvr_first": "0000000000", "tvr": "0400000000", "tsi": "E800"},
            },
            {
                "title": "the counter beside the signature changed",
                "edits": [{"exchange": -1, "response": changed(11)}],
                "expect": {"outcome": "declined", "tvr": "0400000000", "cid": "40", "data": {"8A": "5A31"}},
            },
            {
                "title": "no signature at all",
                "edits": [
                    {
                        "exchange": -1,
                        "response": "771E9F2701409F360200019F2608112233445566778" + "89F10" + "0706011203A000009000",
                    }
                ],
                "expect": {"outcome": "declined", "tvr": "0400000000", "ac": "1122334455667788"},
            },
            {
                "title": "an answer of format 1",
                "edits": [{"exchange": -1, "response": "8012400001112233445566778806011203A000009000"}],
                "expect": {"outcome": "declined", "tvr": "0400000000"},
            },
            {
                "title": "the card declines: there is no signature to check",
                "edits": [{"exchange": -1, "response": "80120000011122334455667788" + "06011203A000009000"}],
                "expect": {"outcome": "declined", "tvr": "0000000000", "tsi": "6800", "cid": "00"},
            },
        ],
    ),
    Scenario(
        "contact_cda_false_at_first_cryptogram",
        "mastercard_credit",
        file(
            "Contact: CDA fails on an ARQC: not sent to the issuer, the card is asked for an AAC at once",
            "contact",
            1250,
            {
                "outcome": "declined",
                "tvr_first": "0000008000",
                "tvr": "0400008000",
                "tsi": "E800",
                "cid_first": "80",
                "cid": "00",
                "oda": "cda",
                "data": {"8A": "5A31"},
            },
            random=["00000001"],
        ),
        application=accepting(CDA, NO_CVM),
        answers={"80AE": [changed(-60)]},
    ),
    Scenario(
        "contact_cda_false_at_second_cryptogram",
        "mastercard_credit",
        file(
            "Contact: CDA at both cryptograms, approved by issuer and card; a twin whose second signature is false",
            "contact",
            1250,
            {"outcome": "approved", "tvr": "0000008000", "tsi": "F800", "cid": "40", "oda": "cda"},
            issuer={"online": True, "8A": "3030", "91": "computed"},
            random=["00000001"],
            mutations=[
                {
                    "title": "the second signature is not the card's",
                    "edits": [{"exchange": -1, "response": changed(-60)}],
                    "expect": {"outcome": "declined", "tvr": "0400008000", "cid_first": "80", "cid": "40"},
                }
            ],
        ),
        application=accepting(CDA, NO_CVM),
    ),
    offline(
        "contact_cda_key_false",
        "CDA whose certificate is false before action analysis: the cryptogram is asked for without signature",
        {"outcome": "approved", "tvr": "0400000000", "tsi": "E800", "cid": "40", "oda": "cda"},
        accepting(CDA, NO_CVM),
        answers={"00B2021C": changed(60)},
        random=["00000001"],
    ),
    offline(
        "contact_sda_offline_approved",
        "SDA, nothing but the static signature",
        {"outcome": "approved", "tvr": "0200000000", "tsi": "E800", "oda": "sda", "data": {"9F45": "DAC0"}},
        accepting(SDA, NO_CVM),
        card="sda_legacy",
        random=["00000001"],
    ),
    offline(
        "contact_sda_record_changed",
        "SDA of a record in which a byte was changed (the usage control)",
        {"outcome": "approved", "tvr": "4200000000", "tsi": "E800", "oda": "sda"},
        accepting(SDA, NO_CVM),
        card="sda_legacy",
        answers={"00B20114": _usage_changed},
        random=["00000001"],
    ),
    offline(
        "contact_dda_longest_keys",
        "DDA and enciphered PIN with keys of 1984 bits and exponent 65537 all the way down",
        _APPROVED_PIN | {"oda": "dda", "data": {"9F4C": "0000000000000001"}},
        accepting(DDA, "4403" + NO_CVM, aid=_LONGEST_AID, response_format=1),
        schemes=("F05A494E43",),
        keys={"icc_key": _LONGEST_KEY},
        applications=[{"aid": _LONGEST_AID.hex().upper(), "partial": True, "9F09": "0002", "ddol": "9F3704"}],
        data=_ENCIPHERED,
        cardholder={"pin": "1234"},
        random=["00000001", _padding(_LONGEST_KEY, "A5"), "00000002"],
    ),
    offline(
        "contact_policy_c04_list_not_signed",
        "policy C-04: plaintext PIN by a list outside the signed records is not for this terminal, online PIN is",
        {"outcome": "approved", "tvr": "0000040000", "cvm_results": "420300", "oda": "dda"},
        accepting(DDA, "4103" + "4203" + NO_CVM, signs_cvm_list=False),
        cardholder={"pin": "1234"},
        terminal={"policies": ["C-04"]},
    ),
    offline(
        "contact_list_not_signed_by_the_book",
        "the same card by the book: its plaintext PIN is asked for and verified",
        {"outcome": "approved", "tvr": "0000000000", "cvm_results": "410302", "oda": "dda"},
        accepting(DDA, "4103" + "4203" + NO_CVM, signs_cvm_list=False),
        cardholder={"pin": "1234"},
    ),
    offline(
        "contact_policy_c04_list_signed",
        "policy C-04 on a card whose signature covers the list: plaintext PIN, under CDA too",
        {"outcome": "approved", "tvr": "0000000000", "cvm_results": "410302", "oda": "cda"},
        accepting(CDA, "4103" + "4203" + NO_CVM),
        cardholder={"pin": "1234"},
        terminal={"policies": ["C-04"]},
        random=["00000001"],
    ),
    offline(
        "contact_policy_c04_authentication_failed",
        "policy C-04: DDA failed, plaintext PIN is all that the card offers: no PIN, not verified",
        {"outcome": "approved", "tvr": "0800900000", "cvm_results": "3F0001", "oda": "dda"},
        accepting(DDA, "0100"),
        cardholder={"pin": "1234"},
        answers={"0088": "8003112233" + "9000"},
        terminal={"policies": ["C-04"]},
    ),
]
