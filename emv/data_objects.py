"""How the terminal's own data objects are coded, and which objects a card may never give (Book 3, annex A)."""

from __future__ import annotations

from emv.generated.formats import COMPRESSED_NUMERIC, NUMERIC, TERMINAL

__all__ = ["COMPRESSED_NUMERIC", "NUMERIC", "TERMINAL", "bcd", "from_bcd", "is_date", "meets", "sortable_date"]


def bcd(number: int, length: int) -> bytes:
    """`number` as `length` bytes of two digits each (format n)."""
    coded = bytearray(length)
    for at in range(length - 1, -1, -1):
        pair = number % 100
        coded[at] = pair // 10 << 4 | pair % 10
        number //= 100
    return bytes(coded)


def from_bcd(coded: bytes) -> int:
    """The number of a format n value; a digit above 9 counts as it stands, for no card may make us fail."""
    number = 0
    for byte in coded:
        number = number * 100 + (byte >> 4) * 10 + (byte & 0x0F)
    return number


def meets(value: bytes, mask: bytes) -> bool:
    """Do the two have a bit in common? The TVR against action codes (Book 3, 10.7)."""
    return any(value[at] & mask[at] for at in range(min(len(value), len(mask))))


def is_date(coded: bytes) -> bool:
    """YYMMDD of a month and a day that there are (Book 3, 7.5)?"""
    return len(coded) == 3 and coded.hex().isdigit() and 1 <= coded[1] <= 0x12 and 1 <= coded[2] <= 0x31


def sortable_date(coded: bytes) -> bytes:
    """YYMM.. with its century in front: years from 50 on are of the last one (Book 4, 6.7.3)."""
    return (b"\x19" if coded[0] >= 0x50 else b"\x20") + coded
