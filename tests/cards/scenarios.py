"""Simulated cards in situations that a terminal meets, and what must come of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tools.simulators.rsa import RsaKey

# Other bytes, what to make of those that it would say, or one of these for each time in turn.
Answer = str | Callable[[bytes], bytes] | list[str | Callable[[bytes], bytes]]

_VISA, _MASTERCARD, _CB = "A000000003", "A000000004", "A000000042"
_SOURCE = "Computed by the project's simulated cards with its own test keys; written by tests/cards/write.py."

# Decline what failed authentication, go online for nearly all else.
_ONLINE = {"tac_default": "FC78FCF800", "tac_denial": "6C00000000", "tac_online": "FC78FCF800"}
_TERMINAL = {
    "9F33": "60C8C8",
    "9F35": "22",
    "9F40": "6000F0A001",
    "9F1A": "0250",
    "5F2A": "0978",
    "5F36": "02",
    "9F1E": "5A494E4330303031",
}
_CONTACT = [
    {"aid": "A0000000421010", "partial": True, "9F09": "0002", "floor_limit": 0, "ddol": "9F3704", **_ONLINE},
    {"aid": "A0000000031010", "partial": True, "9F09": "008C", "floor_limit": 0, "ddol": "9F3704", **_ONLINE},
    {"aid": "A0000000041010", "partial": True, "9F09": "0002", "floor_limit": 0, "ddol": "9F3704", **_ONLINE},
]
_LIMITS = {"transaction_limit": 500000, "cvm_limit": 5001, "floor_limit": 0}
_CONTACTLESS = [
    {"aid": "A0000000031010", "partial": True, "kernel": 3, "9F09": "0000", "contactless": _LIMITS},
    {"aid": "A0000000421010", "partial": True, "kernel": 3, "9F09": "0000", "contactless": _LIMITS},
]


@dataclass(frozen=True)
class Scenario:
    """`file` is the transcript without exchange and keys; `application` and `keys` change what the card is personalised
    with, `answers` what it says to commands that begin so (nothing: it is gone), `times` what it takes for one after
    the other, in units of 100 microseconds."""

    name: str
    card: str
    file: dict
    schemes: tuple[str, ...] = (_VISA, _MASTERCARD, _CB)
    application: dict = field(default_factory=dict)
    keys: dict[str, RsaKey] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    times: dict[str, list[int]] = field(default_factory=dict)
    t0: bool = False


def file(title: str, interface: str, amount: int, expect: dict, **more: object) -> dict:
    contact = interface == "contact"
    terminal = {
        "data": _TERMINAL | ({} if contact else {"9F66": "34004000"}) | more.pop("data", {}),
        "selection": more.pop("selection", "pse"),
        "applications": more.pop("applications", _CONTACT if contact else _CONTACTLESS),
        "random": more.pop("random", ["00000001", "00000002"]),
        "clock": "2026-11-21T14:05:09",
    } | more.pop("terminal", {})
    transaction = {"amount": amount, "amount_other": 0, "type": "00"}
    return {
        "title": title,
        "source": _SOURCE,
        "interface": interface,
        "terminal": terminal,
        "transaction": transaction,
        **more,
        "exchange": [],
        "expect": {"commands": "exact", **expect},
    }


_APPROVING = {"online": True, "8A": "3030", "91": "computed"}
_OFFLINE = {"floor_limit": None, "tac_default": "0000000000", "tac_denial": "0000000000", "tac_online": "0000000000"}


def offline_applications() -> list[dict]:
    return [{key: value for key, value in (row | _OFFLINE).items() if value is not None} for row in _CONTACT]


def changed(at: int, mask: int = 0x01) -> Callable[[bytes], bytes]:
    """An answer with one byte changed; `at` from its end where negative."""

    def change(response: bytes) -> bytes:
        altered = bytearray(response)
        altered[at] ^= mask
        return bytes(altered)

    return change


SCENARIOS = [
    Scenario(
        "contact_cb_dda_offline_pin_approved",
        "cb_visa_debit",
        file(
            "Contact, co-badged: CB by the card's priority, DDA, offline PIN, EXTERNAL AUTHENTICATE, approved",
            "contact",
            1250,
            {
                "outcome": "approved",
                "tvr_first": "0000008000",
                "tvr": "0000008000",
                "tsi": "F800",
                "cvm_results": "410302",
                "cid_first": "80",
                "cid": "40",
                "atc": "0001",
                "oda": "dda",
                "data": {"84": "A0000000421010", "9F4C": "0000000000000001", "8A": "3030"},
            },
            cardholder={"pin": "1234"},
            issuer=_APPROVING,
        ),
        application={"interchange_profile": bytes.fromhex("3C00"), "cvm_list": bytes(8) + bytes.fromhex("41031F03")},
    ),
    Scenario(
        "contact_cardholder_chooses_visa",
        "cb_visa_debit",
        file(
            "Contact, co-badged: the cardholder overrides the card's priority and takes Visa; CDA",
            "contact",
            1250,
            {
                "outcome": "approved",
                "tvr": "0000048000",
                "cvm_results": "420300",
                "cid": "40",
                "oda": "cda",
                "data": {"84": "A0000000031010", "9F4C": "0000000000000002"},
            },
            cardholder={"choose": "A0000000031010", "pin": "1234"},
            issuer=_APPROVING,
        ),
        application={"cvm_list": bytes(8) + bytes.fromhex("42031F03")},
    ),
    Scenario(
        "contact_dda_offline_approved",
        "cb_visa_debit",
        file(
            "Contact: DDA, no CVM below the card's X, offline approval by the card",
            "contact",
            500,
            {
                "outcome": "approved",
                "tvr": "0000000000",
                "tsi": "E800",
                "cvm_results": "1F0602",
                "cid_first": "40",
                "cid": "40",
                "oda": "dda",
                "data": {"8A": "5931"},
            },
            applications=offline_applications(),
        ),
        application={
            "interchange_profile": bytes.fromhex("3C00"),
            "cvm_list": bytes.fromhex("000003E8000000001F0642031E03"),
            "offline_limit_minor": 1000,
            "action_codes": (bytes(5), bytes(5), bytes(5)),
        },
    ),
    Scenario(
        "contact_dda_signature_false",
        "cb_visa_debit",
        file(
            "Contact: the dynamic signature is not the card's; the terminal's denial code declines with an AAC",
            "contact",
            1250,
            {
                "outcome": "declined",
                "tvr_first": "0800008000",
                "tsi": "E800",
                "cid_first": "00",
                "oda": "dda",
                "data": {"8A": "5A31"},
            },
            cardholder={"pin": "1234"},
        ),
        application={"interchange_profile": bytes.fromhex("3C00"), "cvm_list": bytes(8) + bytes.fromhex("1F03")},
        answers={"0088": "8003112233" + "9000"},
    ),
    Scenario(
        "contact_sda_online_declined",
        "sda_legacy",
        file(
            "Contact: SDA, PIN bypassed, the issuer declines",
            "contact",
            1250,
            {
                "outcome": "declined",
                "tvr": "0200888000",
                "tsi": "E800",
                "cvm_results": "410301",
                "cid_first": "80",
                "cid": "00",
                "oda": "sda",
                "data": {"9F45": "DAC0", "8A": "3035"},
            },
            cardholder={"pin_entry": "bypass"},
            issuer={"online": True, "8A": "3035"},
            random=["00000001"],
        ),
        application={"cvm_list": bytes(8) + bytes.fromhex("4103")},
    ),
    Scenario(
        "contact_wrong_pin_then_right_t0",
        "sda_legacy",
        file(
            "Contact over T=0 (61xx, 6Cxx): the list of AIDs, SDA, unable to go online, the card accepts",
            "contact",
            1250,
            {
                "outcome": "approved",
                "tvr": "0200000000",
                "tsi": "E800",
                "cvm_results": "410302",
                "cid_first": "80",
                "cid": "40",
                "oda": "sda",
                "data": {"8A": "5933"},
            },
            cardholder={"pin": "1234"},
            issuer={"online": False},
            selection="aid_list",
            applications=[row | {"tac_online": "0200000000"} for row in offline_applications()],
            random=["00000001"],
        ),
        application={
            "cvm_list": bytes(8) + bytes.fromhex("4103"),
            "offline_limit_minor": 5000,
            "action_codes": (bytes(5), bytes(5), bytes(5)),
        },
        t0=True,
    ),
    Scenario(
        "contact_cda_with_scripts",
        "mastercard_credit",
        file(
            "Contact: CDA at both GENERATE AC, online PIN, scripts before and after, the card refuses the second",
            "contact",
            9900,
            {
                "outcome": "approved",
                "tvr_first": "0000048000",
                "tvr": "0000048010",
                "tsi": "EC00",
                "cvm_results": "420300",
                "cid_first": "80",
                "cid": "40",
                "oda": "cda",
                "data": {"9F5B": "20000000001100000001", "9F4C": "0000000000000002"},
            },
            cardholder={"pin": "4321"},
            issuer=_APPROVING | {"scripts": ["710786058424000000", "720E9F18040000000186058416000000"]},
        ),
        answers={"8424": "9000", "8416": "6A80"},
        application={"interchange_profile": bytes.fromhex("3900")},
    ),
    Scenario(
        "contactless_visa_online",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: 50,00 without PIN, online",
            "contactless",
            5000,
            {
                "outcome": "online",
                "start": "none",
                "ui": ["1B"],
                "cid_first": "80",
                "oda": "none",
                "atc": "0001",
                "data": {"84": "A0000000031010", "9F66": "34804000", "9F6C": "0000"},
            },
            random=["0A0B0C0D"],
        ),
    ),
    Scenario(
        "contactless_visa_online_pin",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: 50,01 with online PIN",
            "contactless",
            5001,
            {"outcome": "online", "data": {"9F66": "34C04000", "9F6C": "8000"}},
            random=["0A0B0C0D"],
        ),
    ),
    Scenario(
        "contactless_wallet_cdcvm",
        "phone_wallet",
        file(
            "Contactless kernel 3: a telephone that has verified its holder, above the CVM limit",
            "contactless",
            9900,
            {"outcome": "online", "data": {"9F66": "34C04000", "9F6C": "0080", "9F6E": "23700000"}},
            random=["0A0B0C0D"],
        ),
    ),
    Scenario(
        "contactless_fdda_offline_approved",
        "cb_visa_debit",
        file(
            "Contactless kernel 3: offline approval with fDDA, and twins whose signature does not hold",
            "contactless",
            900,
            {
                "outcome": "approved",
                "ui": ["03"],
                "cid_first": "40",
                "oda": "fdda",
                "data": {"9F4C": "0001", "9F66": "34004000"},
            },
            applications=[row | {"contactless": {"cvm_limit": 5001, "floor_limit": 2000}} for row in _CONTACTLESS],
            random=["0A0B0C0D"],
            mutations=[
                {
                    "title": "one byte of the signature changed: the card asks for nothing else, so declined",
                    "edits": [{"exchange": 2, "response": changed(-60)}],
                    "expect": {"outcome": "declined", "ui": ["07"], "oda": "fdda"},
                },
            ],
        ),
        application={"offline_limit_minor": 1000},
    ),
    Scenario(
        "contactless_above_transaction_limit",
        "cb_visa_debit",
        file(
            "Contactless: the transaction limit is reached, the card is not even asked",
            "contactless",
            500000,
            {"outcome": "another_interface", "start": "none", "ui": ["18"]},
            random=[],
        ),
    ),
]
