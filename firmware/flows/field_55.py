"""What the acquirer and the receipt are told of the card's side: field 55 of an authorisation (BER-TLV).

No PAN, no track, no RSA block: those go sealed, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv

if TYPE_CHECKING:
    from emv.transaction import Transaction

# Two bytes a tag. Cryptogram, its information and what it covers; terminal; application; a tap: form factor, what the
# card said and the reader wanted of verification; the trade of the merchant (attacks/C-08, C-12)
ONLINE = (
    b"\x9f\x26\x9f\x27\x9f\x10\x9f\x37\x9f\x36\x00\x95\x00\x9a\x00\x9c\x9f\x02\x5f\x2a\x00\x82\x9f\x1a\x9f\x03"
    b"\x9f\x33\x9f\x34\x9f\x35\x9f\x1e\x00\x84\x9f\x09\x9f\x41\x5f\x34\x9f\x6e\x9f\x6c\x9f\x66\x9f\x15"
)
FINAL = b"\x9f\x26\x9f\x27\x9f\x10\x9f\x37\x9f\x36\x00\x95\x00\x9b\x00\x9a\x00\x9c\x00\x82\x9f\x34\x00\x84\x5f\x34"


def field_55(transaction: Transaction, tags: bytes) -> bytes:
    """The objects of `tags` that the transaction has, in that order."""
    encoded = b""
    for at in range(0, len(tags), 2):
        tag = tags[at] << 8 | tags[at + 1]
        value = transaction.data.get(tag)
        if value:
            encoded += tlv.encode(tag, value)
    return encoded
