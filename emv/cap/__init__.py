"""EMV-CAP: the card signs a challenge, and the reader is the card reader that a bank gives its customers.

Its specification is not public: this is what Drimer, Murdoch and Anderson found ("Optimised to fail", 2009) and what
open tools do with real cards. The steps are those of a payment up to the records; then PIN, ARQC, and an AAC to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.errors import FlowFault
from emv.kernel import flow
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emv.action import Action

TABLE = {
    "kernel.application_selection": {"selected": "kernel.initiate_processing", "none_left": "end_application"},
    "kernel.initiate_processing": {
        "initiated": "kernel.read_application_data",
        "not_satisfied": "kernel.application_selection",
    },
    "kernel.read_application_data": {"read": "cap.cardholder_verification"},
    "cap.cardholder_verification": {"verified": "cap.cryptogram", "failed": "declined"},
    "cap.cryptogram": {"made": "approved", "refused": "declined"},
}

# Mastercard's and Visa's own applications for it; a card without them signs with the one that pays.
_NAMES = (bytes.fromhex("A0000000048002"), bytes.fromhex("A0000000038002"))
# Unattended, online only, operated by the cardholder (Book 4, A1).
_DATA = {0x9F35: b"\x34"}
_NO_CLOCK = (0, 0, 0, 0, 0, 0)
_MOST_DIGITS = 8


class CapTransaction(Transaction):
    """`challenge` is "" (identify) or up to 8 digits (respond); with an amount in minor units it is "sign".

    `applications` are those that pay. `signed`, once approved: tags 9F27, 9F36, 9F26 and 9F10 of the ARQC, one after
    the other: with the transaction's data all that an issuer needs. Raises FlowFault for another challenge.
    """

    def __init__(self, applications: Iterable[Application], challenge: str = "", amount_minor: int = 0) -> None:
        if len(challenge) > _MOST_DIGITS or not all("0" <= digit <= "9" for digit in challenge):
            raise FlowFault("challenge_malformed")
        own = [Application(name, b"\x00\x00", False, None, Parameters()) for name in _NAMES]
        paying = [application for application in applications if application.kernel is None]
        profile = Profile("cap", dict(_DATA), own + paying, selection="aid_list", preference=_NAMES)
        Transaction.__init__(self, profile, Request(amount_minor, _NO_CLOCK), bytes)
        self.put(0x9F37, bytes.fromhex("0" * (_MOST_DIGITS - len(challenge)) + challenge))
        self.signed = b""


def begin(transaction: CapTransaction) -> Action:
    """The card is powered; go on with flow.advance. "approved": token.response gives the digits to show."""
    return flow.begin(transaction, TABLE)
