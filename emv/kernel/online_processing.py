"""Online processing and issuer authentication (Book 3, 10.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import apdu
from emv.action import GoOnline, Send
from emv.constant import const
from emv.kernel.terminal_action_analysis import by_default, online_capable

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action, IssuerAnswer
    from emv.transaction import Transaction

_APPLICATION_INTERCHANGE_PROFILE = const(0x82)
_AUTHORISATION_RESPONSE_CODE = const(0x8A)
_ISSUER_AUTHENTICATION_DATA = const(0x91)

_TVR_ISSUER_AUTHENTICATION_FAILED = const(0x950540)
_TSI_ISSUER_AUTHENTICATION_PERFORMED = const(0x9B0110)

# Book 4, A6, and ISO 8583: 00 approved, 10 for a part, 11 VIP.
_APPROVING = (b"00", b"10", b"11")

_AAC = const(0x00)
_TC = const(0x40)


def decide(transaction: Transaction, reply: Any) -> Action | str:
    """progress: None, then "asked", then "authenticating"."""
    if transaction.progress is None:
        if not online_capable(transaction):
            return _unable(transaction)
        transaction.progress = "asked"
        return GoOnline()
    if transaction.progress == "authenticating":
        return _authenticated(transaction, reply[1])
    if reply is None or len(reply.response_code) != 2:
        return _unable(transaction)
    return _answered(transaction, reply)


def _unable(transaction: Transaction) -> str:
    transaction.requested = by_default(transaction)
    transaction.put(_AUTHORISATION_RESPONSE_CODE, b"Y3" if transaction.requested == _TC else b"Z3")
    return "unable"


def _answered(transaction: Transaction, answer: IssuerAnswer) -> Send | str:
    approving = answer.response_code in _APPROVING
    transaction.requested = _TC if approving else _AAC
    transaction.scripts = answer.scripts
    transaction.put(_AUTHORISATION_RESPONSE_CODE, answer.response_code)
    transaction.note("issuer_approves" if approving else "issuer_declines", (_AUTHORISATION_RESPONSE_CODE,))
    if answer.authentication is None:
        return "answered"
    if not 8 <= len(answer.authentication) <= 16:
        return _failed(transaction)
    transaction.put(_ISSUER_AUTHENTICATION_DATA, answer.authentication)
    if not transaction.has_bit(_APPLICATION_INTERCHANGE_PROFILE, 1, 0x04):
        # The card checks it itself, where its CDOL2 asks for it.
        return "answered"
    transaction.note(
        "issuer_authentication_performed", (_ISSUER_AUTHENTICATION_DATA,), _TSI_ISSUER_AUTHENTICATION_PERFORMED
    )
    transaction.progress = "authenticating"
    return Send(apdu.external_authenticate(answer.authentication))


def _authenticated(transaction: Transaction, sw: int) -> str:
    return "answered" if sw == 0x9000 else _failed(transaction)


def _failed(transaction: Transaction) -> str:
    """By the card's word, or because it is no such object; the card has the last word all the same."""
    tags = (_ISSUER_AUTHENTICATION_DATA,)
    transaction.note("issuer_authentication_failed", tags, _TVR_ISSUER_AUTHENTICATION_FAILED, transaction.latest)
    return "answered"
