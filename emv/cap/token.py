"""The digits that EMV-CAP shows: the bits of the ARQC's answer that the issuer wants, as one decimal number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const

if TYPE_CHECKING:
    from emv.cap import CapTransaction

_ISSUER_AUTHENTICATION_FLAGS = const(0x9F55)
_ISSUER_PROPRIETARY_BITMAP = const(0x9F56)
_APPLICATION_PAN_SEQUENCE_NUMBER = const(0x5F34)

# For a card that has none, what most British cards have: 1 bit of 9F27, 8 of the counter, 17 of the cryptogram.
_USUAL_BITMAP = bytes.fromhex("8000FF000000000001FFFF")


def response(transaction: CapTransaction) -> str:
    """Of a transaction that was approved: 1 to about 8 digits, without leading zeros."""
    data = transaction.data
    message = transaction.signed
    if transaction.has_bit(_ISSUER_AUTHENTICATION_FLAGS, 1, 0x40):
        message = data.get(_APPLICATION_PAN_SEQUENCE_NUMBER, b"\x00") + message
    return compress(data.get(_ISSUER_PROPRIETARY_BITMAP, _USUAL_BITMAP), message)


def compress(bitmap: bytes, message: bytes) -> str:
    """The bits of `message` where `bitmap` has ones, from the left; what lies beyond either counts for nothing."""
    number = 0
    for wanted, byte in zip(bitmap, message):
        for place in range(7, -1, -1):
            if wanted >> place & 1:
                number = number << 1 | byte >> place & 1
    return str(number)
