"""Simulated cards tapped: what kernels 3 and CB make of refusals, limits, wishes of the card and failed signatures."""

from __future__ import annotations

from collections.abc import Callable

from tests.cards.scenarios import Scenario, file

_VISA_AID, _CB_AID = "A0000000031010", "A0000000421010"
_ACCOUNT = "4970101234567810"  # of cb_visa_debit
_LIMITS = {"transaction_limit": 500000, "cvm_limit": 5001, "floor_limit": 0}
_NUMBER = {"random": ["0A0B0C0D", "0A0B0C0E"]}


def applications(*kernels: tuple[str, int], **limits: int) -> dict:
    rows = [{"aid": aid, "partial": True, "kernel": kernel, "contactless": _LIMITS | limits} for aid, kernel in kernels]
    return {"applications": rows}


_CB = applications((_CB_AID, 66))
_VISA = applications((_VISA_AID, 3))
_OFFLINE = applications((_VISA_AID, 3), floor_limit=2000)


def altered(qualifiers: str = "", signature: bool = False, account: str = "") -> Callable[[bytes], bytes]:
    """The answer to GET PROCESSING OPTIONS with other qualifiers 9F6C, a false signature, another account number."""

    def change(response: bytes) -> bytes:
        answer = bytearray(response)
        if qualifiers:
            at = answer.index(b"\x9f\x6c\x02") + 3
            answer[at : at + 2] = bytes.fromhex(qualifiers)
        if account:
            at = answer.index(bytes.fromhex(_ACCOUNT))
            answer[at : at + len(account) // 2] = bytes.fromhex(account)
        if signature:
            answer[answer.index(b"\x9f\x4b\x81") + 40] ^= 0x01
        return bytes(answer)

    return change


def twin(title: str, change: Callable[[bytes], bytes], **expect: object) -> dict:
    return {"title": title, "edits": [{"exchange": 2, "response": change}], "expect": expect}


TAPS = [
    Scenario(
        "contactless_see_phone",
        "phone_wallet",
        file(
            "Contactless kernel 3: the telephone asks its holder to look at it",
            "contactless",
            1250,
            {"outcome": "try_again", "start": "B", "ui": ["20"]},
            **_NUMBER,
        ),
        answers={"80A8": "6986"},
    ),
    Scenario(
        "contactless_wants_its_chip_read",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: GET PROCESSING OPTIONS asks for the other interface",
            "contactless",
            1250,
            {"outcome": "another_interface", "start": "none", "ui": ["1D"]},
            **_NUMBER,
        ),
        answers={"80A8": "6984"},
    ),
    Scenario(
        "contactless_no_application_takes_it",
        "cb_visa_debit",
        file(
            "Contactless: both applications send on to the next, and none is left",
            "contactless",
            1250,
            {"outcome": "another_card", "start": "none", "ui": ["1C"]},
            **_NUMBER,
        ),
        answers={"80A8": "6985"},
    ),
    Scenario(
        "contactless_next_application",
        "cb_visa_debit",
        file(
            "Contactless: the first application does not take it, the second does, with a number of its own",
            "contactless",
            1250,
            {"outcome": "online", "ui": ["1B"], "data": {"84": _CB_AID, "9F37": "0A0B0C0E"}},
            **_NUMBER,
        ),
        answers={"80A8": ["6985"]},
    ),
    Scenario(
        "contactless_final_selection_fails",
        "cb_visa_debit",
        file(
            "Contactless: the final selection fails, the next candidate is taken",
            "contactless",
            1250,
            {"outcome": "online", "ui": ["1B"], "data": {"84": _CB_AID}},
            **_NUMBER,
        ),
        answers={"00A4040007" + _VISA_AID: "6A82"},
    ),
    Scenario(
        "contactless_no_directory",
        "cb_visa_debit",
        file(
            "Contactless: no PPSE, so the list of AIDs, and the final selection by the card's priority",
            "contactless",
            1250,
            {"outcome": "online", "ui": ["1B"], "data": {"84": _VISA_AID}},
            **_NUMBER,
        ),
        answers={"00A404000E": "6A82"},
    ),
    Scenario(
        "contactless_amount_of_zero",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: an account is verified at zero, online",
            "contactless",
            0,
            {"outcome": "online", "ui": ["1B"], "data": {"9F66": "34804000"}},
            **applications((_VISA_AID, 3), floor_limit=2000),
            **_NUMBER,
        ),
        application={"offline_limit_minor": 1000},
    ),
    Scenario(
        "contactless_update_of_the_card",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: online; the twin says that it takes updates, so it may be presented again",
            "contactless",
            1250,
            {"outcome": "online", "start": "none", "ui": ["1B"]},
            data={"9F66": "3400C000"},
            mutations=[twin("CTQ byte 2 bit 7", altered("0040"), outcome="online", start="B", ui=["1B", "21"])],
            **_NUMBER,
        ),
    ),
    Scenario(
        "contactless_fdda_wishes",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: offline approval; twins whose signature is false, and what such a card may ask for",
            "contactless",
            900,
            {"outcome": "approved", "start": "none", "ui": ["03"], "oda": "fdda"},
            mutations=[
                twin(
                    "asks to go online then",
                    altered("2000", signature=True),
                    outcome="online",
                    ui=["1B"],
                    oda="fdda",
                    cid="40",
                ),
                twin(
                    "asks for its chip then",
                    altered("1000", signature=True),
                    outcome="another_interface",
                    ui=["1D"],
                ),
                twin("asks for nothing", altered("0000", signature=True), outcome="declined", ui=["07"]),
            ],
            **_OFFLINE,
            **_NUMBER,
        ),
        application={"offline_limit_minor": 1000},
    ),
    Scenario(
        "contactless_fdda_wishes_under_policy",
        "cb_visa_debit",
        file(
            "Contactless kernel 3, policy C-10: a card whose signature is false gains nothing by asking",
            "contactless",
            900,
            {"outcome": "approved", "ui": ["03"], "oda": "fdda"},
            mutations=[
                twin("asks to go online then", altered("2000", signature=True), outcome="declined", ui=["07"]),
                twin("asks for its chip then", altered("1000", signature=True), outcome="declined", ui=["07"]),
            ],
            terminal={"policies": ["C-10"]},
            **_OFFLINE,
            **_NUMBER,
        ),
        application={"offline_limit_minor": 1000},
    ),
    Scenario(
        "contactless_fdda_online",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: a reader that authenticates online transactions too, and tells what came of it",
            "contactless",
            1250,
            {"outcome": "online", "ui": ["1B"], "oda": "fdda", "tvr": "0000000000", "cid": "80"},
            data={"9F66": "35004000"},
            mutations=[
                twin("a false signature", altered(signature=True), outcome="online", oda="fdda", tvr="0800000000"),
            ],
            **_VISA,
            **_NUMBER,
        ),
    ),
    Scenario(
        "contactless_brand_mixed_up",
        "cb_visa_debit",
        file(
            "Contactless kernel 3, policy C-09: Visa by name; the twin has a Mastercard number",
            "contactless",
            9900,
            {"outcome": "online", "ui": ["1B"], "data": {"9F6C": "8000"}},
            mutations=[
                twin("a number of Mastercard's", altered(account="5413330089601232"), outcome="another_card", ui=["1C"])
            ],
            terminal={"policies": ["C-09"]},
            **_VISA,
            **_NUMBER,
        ),
    ),
    Scenario(
        "contactless_claimed_verification",
        "cb_visa_debit",
        file(
            "Contactless kernel 3, policy C-07: signature above the limit; the twin claims what only phones do",
            "contactless",
            9900,
            {"outcome": "online", "ui": ["1B"], "data": {"9F6C": "4000", "9F66": "32C04000"}},
            data={"9F66": "32004000"},
            mutations=[twin("CTQ says verified on the device", altered("0080"), outcome="declined", ui=["07"])],
            terminal={"policies": ["C-07"]},
            **_VISA,
            **_NUMBER,
        ),
    ),
    Scenario(
        "contactless_cb_without_pin",
        "cb_visa_debit",
        file(
            "Contactless kernel CB: 50,00 without PIN, online",
            "contactless",
            5000,
            {"outcome": "online", "start": "none", "ui": ["1B"], "data": {"84": _CB_AID, "9F66": "34804000"}},
            **_CB,
            **_NUMBER,
        ),
    ),
    Scenario(
        "contactless_cb_online_pin",
        "cb_visa_debit",
        file(
            "Contactless kernel CB: 50,01 with online PIN; the twin asks for no verification",
            "contactless",
            5001,
            {"outcome": "online", "ui": ["1B"], "data": {"84": _CB_AID, "9F66": "34C04000", "9F6C": "8000"}},
            mutations=[twin("CTQ asks for nothing", altered("0000"), outcome="declined", start="none", ui=["07"])],
            **_CB,
            **_NUMBER,
        ),
    ),
]
