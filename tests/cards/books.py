"""Single sentences of the books, each with a card that meets it: what kernels are known to get wrong."""

from __future__ import annotations

from tests.cards.authentication import CDA, DDA, NO_CVM, accepting, offline
from tests.cards.scenarios import Scenario, file

_DECLINES = {"online": True, "8A": "3035"}
_OFFLINE_ONLY, _ONLINE_ONLY = {"9F35": "23"}, {"9F35": "21"}
_TC = "7714" + "9F270140" + "9F36020001" + "9F26081122334455667788" + "9000"

BOOKS = [
    offline(
        "contact_cda_denied",
        "the terminal declines a card with CDA: no signature is asked for, and the TVR says so (Book 2, 6.6, figure 3)",
        {
            "outcome": "declined",
            "tvr_first": "8000008000",
            "tvr": "8000008000",
            "tsi": "6800",
            "cid_first": "00",
            "oda": "cda",
            "data": {"8A": "5A31"},
        },
        accepting(CDA, NO_CVM),
        applications=[
            {"aid": "A0000000421010", "9F09": "0002", "partial": True, "floor_limit": 0, "tac_denial": "0000008000"}
        ],
        random=["00000001"],
    ),
    offline(
        "contact_fail_cvm",
        "Fail CVM ends the list, although its bit 7 wants the next rule (Book 3, 10.5)",
        {"outcome": "approved", "tvr": "0000800000", "tsi": "E800", "cvm_results": "400001", "oda": "dda"},
        accepting(DDA, "4000" + NO_CVM),
    ),
    offline(
        "contact_verify_refused",
        "the card refuses VERIFY with a word that is not VERIFY's: the end (Book 3, 8.1 and figure 11)",
        {"outcome": "end_application", "oda": "dda"},
        accepting(DDA, "4103" + NO_CVM),
        cardholder={"pin": "1234"},
        answers={"00200080": "6A80"},
    ),
    offline(
        "contact_offline_only_terminal",
        "a terminal that cannot go online and a card that wants to: the default codes decide (Book 3, 10.7)",
        {
            "outcome": "declined",
            "tvr": "0000000000",
            "cid_first": "80",
            "cid": "00",
            "oda": "dda",
            "data": {"8A": "5933"},
        },
        accepting(DDA, NO_CVM) | {"offline_limit_minor": 0},
        data=_OFFLINE_ONLY,
    ),
    offline(
        "contact_online_only_terminal",
        "a terminal that always asks the issuer does not reach it: the default codes decide (Book 3, 10.7)",
        {"outcome": "approved", "tvr": "0000000000", "cid_first": "80", "cid": "40", "data": {"8A": "5933"}},
        accepting(DDA, NO_CVM),
        data=_ONLINE_ONLY,
        issuer={"online": False},
    ),
    Scenario(
        "contact_second_cryptogram_above_request",
        "mastercard_credit",
        file(
            "Contact: the issuer declines; a twin whose card approves all the same is declined (Book 3, 9.3)",
            "contact",
            1250,
            {"outcome": "declined", "cid_first": "80", "cid": "00", "data": {"8A": "3035"}},
            issuer=_DECLINES,
            random=["00000001"],
            mutations=[
                {
                    "title": "a TC for an AAC",
                    "edits": [{"exchange": -1, "response": _TC}],
                    "expect": {"outcome": "declined", "cid": "40", "tvr": "0000008000"},
                }
            ],
        ),
        application=accepting(CDA, NO_CVM),
    ),
]
