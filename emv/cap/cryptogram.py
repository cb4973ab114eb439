"""The two GENERATE AC of EMV-CAP: an ARQC over the challenge, then an AAC that ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.kernel import application_cryptogram

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Send
    from emv.cap import CapTransaction

_APPLICATION_CRYPTOGRAM = const(0x9F26)
_APPLICATION_IDENTIFIER_TERMINAL = const(0x9F06)
_APPLICATION_TRANSACTION_COUNTER = const(0x9F36)
_AUTHORISATION_RESPONSE_CODE = const(0x8A)
_CDOL1 = const(0x8C)
_CDOL2 = const(0x8D)
_CRYPTOGRAM_INFORMATION_DATA = const(0x9F27)
_ISSUER_APPLICATION_DATA = const(0x9F10)
_TERMINAL_VERIFICATION_RESULTS = const(0x95)
_TRANSACTION_DATE = const(0x9A)

_AAC = const(0x00)
_ARQC = const(0x80)
_VISA = b"\xa0\x00\x00\x00\x03"


def decide(transaction: CapTransaction, reply: Any) -> Send | str:
    """progress: None, "asked" for the ARQC, "ending" with the AAC."""
    if transaction.progress is None:
        return _ask(transaction)
    kind = application_cryptogram.accept(transaction, reply[0], reply[1])
    if transaction.progress == "ending":
        transaction.note("token_made", (_CRYPTOGRAM_INFORMATION_DATA,))
        return "made"
    if kind != _ARQC:
        transaction.note("card_declines", (_CRYPTOGRAM_INFORMATION_DATA,))
        return "refused"
    return _end(transaction)


def _ask(transaction: CapTransaction) -> Send:
    """What an issuer takes for granted of a reader that has no clock and authenticates nothing."""
    visa = transaction.data[_APPLICATION_IDENTIFIER_TERMINAL].startswith(_VISA)
    transaction.put(_TRANSACTION_DATE, b"\x01\x01\x01" if visa else bytes(3))
    transaction.put(_TERMINAL_VERIFICATION_RESULTS, b"\x80\x00\x00\x00\x00")
    transaction.progress = "asked"
    transaction.requested = _ARQC
    return application_cryptogram.ask(transaction, _CDOL1)


def _end(transaction: CapTransaction) -> Send:
    data = transaction.data
    transaction.signed = (
        data[_CRYPTOGRAM_INFORMATION_DATA]
        + data[_APPLICATION_TRANSACTION_COUNTER]
        + data[_APPLICATION_CRYPTOGRAM]
        + data.get(_ISSUER_APPLICATION_DATA, b"")
    )
    transaction.put(_AUTHORISATION_RESPONSE_CODE, b"Z3")
    transaction.progress = "ending"
    transaction.requested = _AAC
    return application_cryptogram.ask(transaction, _CDOL2)
