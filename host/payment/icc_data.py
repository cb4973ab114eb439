"""Which of the card's data the host keeps: field 55 of a capture and what a receipt shows (EMV Book 4, 12.1.1)."""

from __future__ import annotations

from emv import tlv
from emv.errors import CardFault

# of the card: AID, cryptogram and how it came about; never 57, 5A, 9F46 or other data that gives the PAN back
CARD_TAGS = frozenset({0x4F, 0x50, 0x82, 0x84, 0x9F10, 0x9F12, 0x9F26, 0x9F27, 0x9F36, 0x9F6E})
AMOUNT_TAGS = frozenset({0x5F2A, 0x9A, 0x9C, 0x9F02, 0x9F03, 0x9F1A, 0x9F37, 0x9F41})
DECISION_TAGS = frozenset({0x8A, 0x95, 0x9B, 0x9F06, 0x9F33, 0x9F34, 0x9F35})
KEPT_TAGS = CARD_TAGS | AMOUNT_TAGS | DECISION_TAGS


def kept(icc_data: bytes) -> bytes:
    """The objects that may stay; none of them when the data is not TLV."""
    try:
        found = tlv.children(icc_data)
    except CardFault:
        return b""
    return b"".join(tlv.encode(tag, icc_data[start:end]) for tag, start, end in found if tag in KEPT_TAGS)


def values(icc_data: bytes) -> dict[int, bytes]:
    """By tag; of data that passed `kept`."""
    return {tag: icc_data[start:end] for tag, start, end in tlv.children(icc_data)}
