"""Card action analysis: the first GENERATE AC and the card's word on it (Book 3, 10.8; Book 4, 6.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import dol
from emv.constant import const
from emv.kernel import application_cryptogram

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.transaction import Transaction

_AUTHORISATION_RESPONSE_CODE = const(0x8A)
_CDOL1 = const(0x8C)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_UNPREDICTABLE_NUMBER = const(0x9F37)

_TVR_NOT_AUTHENTICATED = const(0x950180)
_TSI_CARD_RISK_MANAGEMENT_PERFORMED = const(0x9B0120)

_AAC = const(0x00)
_ARQC = const(0x80)
_TC = const(0x40)


def decide(transaction: Transaction, reply: Any) -> Send | str:
    if reply is None:
        if dol.asks_for(transaction.data[_CDOL1], _UNPREDICTABLE_NUMBER):
            transaction.draw_unpredictable_number()
        _prepare(transaction)
        command = application_cryptogram.ask(transaction, _CDOL1)
        transaction.tvr_first = transaction.data[_TERMINAL_VERIFICATION_RESULTS]
        return command
    kind = application_cryptogram.accept(transaction, reply[0], reply[1])
    transaction.note("card_risk_management_performed", (), _TSI_CARD_RISK_MANAGEMENT_PERFORMED)
    if kind is None:
        return _not_authentic(transaction)
    if kind == _TC:
        transaction.note("card_approves", (_CRYPTOGRAM_INFORMATION_DATA,))
        return "approved"
    if kind == _AAC:
        transaction.put(_AUTHORISATION_RESPONSE_CODE, b"Z1")
        transaction.note("card_declines", (_CRYPTOGRAM_INFORMATION_DATA,))
        return "declined"
    transaction.note("card_asks_issuer", (_CRYPTOGRAM_INFORMATION_DATA,))
    return "online"


def _prepare(transaction: Transaction) -> None:
    """What the terminal decided, told to the card where it asks (Book 4, 6.3.6); and of CDA that a request for an AAC
    has no signature (Book 2, figure 3)."""
    if transaction.requested != _ARQC:
        transaction.put(_AUTHORISATION_RESPONSE_CODE, b"Y1" if transaction.requested == _TC else b"Z1")
    if transaction.requested == _AAC and application_cryptogram.is_signing(transaction):
        transaction.note("cryptogram_not_signed", (), _TVR_NOT_AUTHENTICATED)


def _not_authentic(transaction: Transaction) -> str:
    """Book 4, 6.3.6: a TC that is not authentic is declined; an ARQC is closed with a request for an AAC."""
    transaction.put(_AUTHORISATION_RESPONSE_CODE, b"Z1")
    if transaction.data[_CRYPTOGRAM_INFORMATION_DATA][0] & 0xC0 == _ARQC:
        transaction.requested = _AAC
        return "to_be_closed"
    return "declined"
