"""Data object lists (Book 3, 5.4): what a card asks of the terminal, filled in."""

from __future__ import annotations

from emv.data_objects import COMPRESSED_NUMERIC, NUMERIC
from emv.errors import CardFault

# GPO wraps the data in a template whose length may take three bytes; Lc is one byte.
_LONGEST = 252


def entries(dol: bytes) -> list[tuple[int, int]]:
    """(tag, length) in order. Raises CardFault when the list does not parse or asks for more than a command holds."""
    found = []
    at = 0
    end = len(dol)
    total = 0
    while at < end:
        tag = dol[at]
        at += 1
        if tag & 0x1F == 0x1F:
            while at < end:
                tag = tag << 8 | dol[at]
                at += 1
                if tag & 0x80 == 0:
                    break
        if at >= end or tag > 0xFFFFFF:
            raise CardFault("dol_malformed")
        found.append((tag, dol[at]))
        total += dol[at]
        at += 1
    if total > _LONGEST:
        raise CardFault("dol_too_long")
    return found


def asks_for(dol: bytes, wanted: int) -> bool:
    for tag, _ in entries(dol):
        if tag == wanted:
            return True
    return False


def fill(dol: bytes, data: dict[int, bytes]) -> bytes:
    """The values one after the other; what is not known is zeros."""
    filled = b""
    for tag, length in entries(dol):
        value = data.get(tag)
        if value is None:
            filled += bytes(length)
        elif len(value) == length:
            filled += value
        else:
            filled += _fit(tag, value, length)
    return filled


def _fit(tag: int, value: bytes, length: int) -> bytes:
    """Cut or pad by format: n on the left, cn on the right with F, all else on the right with zeros."""
    missing = length - len(value)
    if tag in NUMERIC:
        return bytes(missing) + value if missing > 0 else value[-missing:]
    if missing < 0:
        return value[:length]
    return value + (b"\xff" if tag in COMPRESSED_NUMERIC else b"\x00") * missing
