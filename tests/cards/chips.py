"""Simulated cards inserted: selection and its retries, restrictions, risk, the issuer's answer, cards of two brands."""

from __future__ import annotations

from collections.abc import Callable

from emv import tlv
from tests.cards.scenarios import Scenario, file, offline_applications

_PSE = "00A404000E"
_CB_SELECT, _VISA_SELECT = "00A4040007A0000000421010", "00A4040007A0000000031010"
_CB, _VISA, _MASTERCARD = "A0000000421010", "A0000000031010", "A0000000041010"
_PAN = "4970101234567810"  # of cb_visa_debit
_RECORD_OF_RULES = "00B20114"  # file 2, which is authenticated

_APPROVING = {"online": True, "8A": "3030", "91": "computed"}
_APPROVED = {"outcome": "approved", "tvr": "0000008000", "cvm_results": "1F0302", "cid": "40", "oda": "dda"}
_CONSECUTIVE = "9F140102" + "9F230105"  # offline limits, lower and upper
# DDA, EXTERNAL AUTHENTICATE, no holder to be verified.
_PLAIN = {"interchange_profile": bytes.fromhex("3C00"), "cvm_list": bytes(8) + bytes.fromhex("1F03")}
# The same without data authentication: its records may be changed.
_UNSIGNED = _PLAIN | {"interchange_profile": bytes.fromhex("1C00")}


def as_it_is(response: bytes) -> bytes:
    return response


def with_objects(content: str) -> Callable[[bytes], bytes]:
    """A record with more in it."""

    def change(response: bytes) -> bytes:
        start, end = tlv.only(response[:-2], 0x70)
        return tlv.encode(0x70, response[start:end] + bytes.fromhex(content)) + b"\x90\x00"

    return change


def instead(old: str, new: str) -> Callable[[bytes], bytes]:
    """The answer with some bytes in place of others."""

    def change(response: bytes) -> bytes:
        assert bytes.fromhex(old) in response
        return response.replace(bytes.fromhex(old), bytes.fromhex(new))

    return change


def says(answer: str) -> Callable[[bytes], bytes]:
    return lambda _: bytes.fromhex(answer)


def twin(title: str, row: int, change: Callable[[bytes], bytes], outcome: str = "end_application") -> dict:
    """What ends the run there: nothing else is sent."""
    expect = {"outcome": outcome, "commands": "prefix"}
    return {"title": title, "edits": [{"exchange": row, "response": change}], "expect": expect}


def applications(**parameters: object) -> list[dict]:
    return [row | parameters for row in offline_applications()]


SELECTION = [
    Scenario(
        "chip_without_directory",
        "cb_visa_debit",
        file(
            "Contact: no directory, one SELECT for each AID of the list, then the final one",
            "contact",
            1250,
            _APPROVED | {"data": {"84": _CB, "5F2D": "6672656E"}},
            issuer=_APPROVING,
            mutations=[
                twin("the card is blocked", 0, says("6A81")),
                twin("the card is blocked, as its applications say", 1, says("6A81")),
                twin("the directory is blocked, and the card with it", 0, says("6283"), "approved"),
                twin("GET PROCESSING OPTIONS is refused", 5, says("6A81")),
                twin("GET PROCESSING OPTIONS gives neither format", 5, says("7000" + "9000")),
                twin("a record is missing", 6, says("6A83")),
            ],
        ),
        answers={_PSE: "6A82"},
        application=_PLAIN,
    ),
    Scenario(
        "chip_next_application_when_options_are_refused",
        "cb_visa_debit",
        file(
            "Contact: CB does not take this transaction (6985), Visa does",
            "contact",
            1250,
            _APPROVED | {"tvr": "0000008000", "data": {"84": _VISA, "9F06": _VISA}},
            issuer=_APPROVING,
        ),
        answers={"80A8": ["6985", as_it_is]},
        application=_PLAIN,
    ),
    Scenario(
        "chip_no_application_takes_it",
        "cb_visa_debit",
        file(
            "Contact: no application takes this transaction",
            "contact",
            1250,
            {"outcome": "end_application", "oda": "none"},
        ),
        answers={"80A8": "6985"},
    ),
    Scenario(
        "chip_next_application_when_selection_fails",
        "cb_visa_debit",
        file(
            "Contact: CB is in the directory and blocked, Visa is taken",
            "contact",
            1250,
            _APPROVED | {"data": {"84": _VISA}},
            issuer=_APPROVING,
        ),
        answers={_CB_SELECT: "6283"},
        application=_PLAIN,
    ),
    Scenario(
        "chip_chosen_application_fails",
        "cb_visa_debit",
        file(
            "Contact: the cardholder chose Visa, which is blocked, and takes CB when asked again",
            "contact",
            1250,
            _APPROVED | {"data": {"84": _CB}},
            cardholder={"choose": _VISA},
            issuer=_APPROVING,
        ),
        answers={_VISA_SELECT: "6283"},
        application=_PLAIN,
    ),
    Scenario(
        "chip_wants_a_confirmation_that_nobody_gives",
        "cb_visa_debit",
        file(
            "Contact: each application wants the cardholder's confirmation, and this terminal has none",
            "contact",
            1250,
            {"outcome": "end_application", "oda": "none"},
        ),
        application={"priority": 0x81},
    ),
]

RISK = [
    Scenario(
        "chip_floor_limit_with_earlier_amounts",
        "cb_visa_debit",
        file(
            "Contact: this amount and the latest of the same card reach the floor limit",
            "contact",
            1250,
            _APPROVED,
            terminal={"log": [{"pan": _PAN, "amount": 9000}, {"pan": _PAN, "amount": 750}]},
            applications=applications(floor_limit=2000),
            issuer=_APPROVING,
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_selected_at_random",
        "cb_visa_debit",
        file(
            "Contact: below the floor limit, biased selection (20 to 60 percent, half way) draws 40",
            "contact",
            7500,
            _APPROVED | {"tvr": "0000001000"},
            applications=applications(floor_limit=10000, threshold=5000, target_percent=20, max_target_percent=60),
            random=["0A0B0C0D", "00000027", "0A0B0C0E"],
            issuer=_APPROVING,
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_not_selected_at_random",
        "cb_visa_debit",
        file(
            "Contact: below the floor limit, biased selection draws 41 where 40 is the last; approved by the card",
            "contact",
            7500,
            {"outcome": "approved", "tvr": "0000000000", "tsi": "E800", "cid_first": "40", "data": {"8A": "5931"}},
            applications=applications(floor_limit=10000, threshold=5000, target_percent=20, max_target_percent=60),
            random=["0A0B0C0D", "00000028", "0A0B0C0E"],
        ),
        application=_PLAIN | {"offline_limit_minor": 10000, "action_codes": (bytes(5), bytes(5), bytes(5))},
    ),
    Scenario(
        "chip_velocity",
        "cb_visa_debit",
        file(
            "Contact: GET DATA of both counters; one transaction since the last online one, and never any before",
            "contact",
            1250,
            {"outcome": "approved", "tvr": "8008000000", "tsi": "7800", "cid": "40", "data": {"9F13": "0000"}},
            applications=applications(),
            issuer=_APPROVING,
        ),
        answers={_RECORD_OF_RULES: with_objects(_CONSECUTIVE), "80CA9F13": "9F13020000" + "9000"},
        application=_UNSIGNED,
    ),
    Scenario(
        "chip_velocity_unknown",
        "cb_visa_debit",
        file(
            "Contact: the card has limits and does not tell its register: data is missing, both count as exceeded",
            "contact",
            1250,
            {"outcome": "approved", "tvr": "A000006000", "cid": "40"},
            applications=applications(),
            issuer=_APPROVING,
        ),
        answers={_RECORD_OF_RULES: with_objects(_CONSECUTIVE), "80CA9F13": "6A88"},
        application=_UNSIGNED,
    ),
    Scenario(
        "chip_on_exception_file",
        "cb_visa_debit",
        file(
            "Contact: the card is on the exception file, the terminal declines it",
            "contact",
            1250,
            {"outcome": "declined", "tvr_first": "1000000000", "cid": "00", "data": {"8A": "5A31"}},
            terminal={"exceptions": [{"pan": "4970101234567828"}, {"pan": _PAN, "psn": "00"}]},
            applications=applications(tac_denial="1000000000"),
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_cash_back_not_allowed",
        "cb_visa_debit",
        file(
            "Contact: a card that allows purchases but no cash back, asked for both",
            "contact",
            1250,
            {"outcome": "declined", "tvr_first": "8010008000", "cid": "00"},
            transaction={"amount": 1250, "amount_other": 250, "type": "09"},
        ),
        answers={_RECORD_OF_RULES: instead("9F0702FFC0", "9F0702FF00")},
        application=_UNSIGNED,
    ),
    Scenario(
        "chip_account_verification",
        "cb_visa_debit",
        file(
            "Contact: an amount of zero goes to the issuer",
            "contact",
            0,
            _APPROVED | {"data": {"9F02": "000000000000"}},
            issuer=_APPROVING,
        ),
        application=_PLAIN,
    ),
]

ISSUER = [
    Scenario(
        "chip_unable_to_go_online",
        "cb_visa_debit",
        file(
            "Contact: the issuer cannot be asked; the default codes decline, Z3",
            "contact",
            1250,
            {"outcome": "declined", "cid_first": "80", "cid": "00", "tsi": "E800", "data": {"8A": "5A33"}},
            issuer={"online": False},
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_issuer_not_authentic",
        "cb_visa_debit",
        file(
            "Contact: EXTERNAL AUTHENTICATE fails; the card declines what its issuer did not sign",
            "contact",
            1250,
            {"outcome": "declined", "tvr": "0000008040", "tsi": "F800", "cid": "00", "data": {"8A": "3030"}},
            issuer={"online": True, "8A": "3030", "91": "0011223344556677"},
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_scripts_too_long",
        "cb_visa_debit",
        file(
            "Contact: scripts of more than 128 bytes together are not sent; the payment goes on",
            "contact",
            1250,
            _APPROVED | {"tvr": "0000008020", "data": {"9F5B": "0000000000"}},
            issuer=_APPROVING | {"scripts": ["7181830000" + "867F" + "84240000" + "00" * 124]},
        ),
        application=_PLAIN,
    ),
    Scenario(
        "chip_scripts_stop_at_a_failure",
        "cb_visa_debit",
        file(
            "Contact: two scripts before; the first stops at its second command, the second is done; a warning is none",
            "contact",
            1250,
            _APPROVED | {"tvr": "0000008020", "tsi": "FC00", "data": {"9F5B": "12000000012000000002"}},
            issuer=_APPROVING
            | {
                "scripts": [
                    "71199F180400000001" + "860484240000" + "860484160000" + "860484240001",
                    "710D9F180400000002" + "860484240002",
                ]
            },
        ),
        answers={"8424": ["9000", "6283"], "8416": "6A80"},
        application=_PLAIN,
    ),
]

BRANDS = [
    Scenario(
        "chip_brand_mixed_up",
        "mastercard_credit",
        file(
            "Contact, policy C-09: answers as Visa with the number of a Mastercard card; ended before any PIN",
            "contact",
            1250,
            {"outcome": "end_application", "tvr": "0000000000", "oda": "none"},
            terminal={"policies": ["C-09"]},
        ),
        application=_UNSIGNED | {"aid": bytes.fromhex(_VISA)},
    ),
    Scenario(
        "chip_brand_mixed_up_by_the_book",
        "mastercard_credit",
        file(
            "Contact: the same card by the books alone: nobody compares name and number",
            "contact",
            1250,
            {"outcome": "approved", "tvr": "8080008000", "cid": "40"},
            issuer=_APPROVING,
        ),
        application=_UNSIGNED | {"aid": bytes.fromhex(_VISA)},
    ),
    Scenario(
        "chip_cb_and_visa_under_policy",
        "cb_visa_debit",
        file(
            "Contact, policy C-09: a true co-badged card passes, and two account numbers do not",
            "contact",
            1250,
            _APPROVED | {"data": {"84": _CB}},
            terminal={"policies": ["C-09"]},
            issuer=_APPROVING,
            mutations=[
                twin("5A and 57 differ", 5, instead(_PAN, "4970101234567828")),
                twin("a record brings 5A again", 5, with_objects("5A08" + _PAN)),
                twin("a record renames the application", 5, with_objects("8407" + _MASTERCARD)),
            ],
        ),
        application=_PLAIN,
    ),
]

CHIPS = SELECTION + RISK + ISSUER + BRANDS
