"""BER-TLV as EMV uses it (Book 3, annex B): read without recursion, within bounds, and written.

Tags of up to three bytes, lengths of up to two after 81 or 82; 00 between objects is padding.
"""

from __future__ import annotations

from emv.errors import CardFault

_DEEPEST = 8


def header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Read tag and length at `at`: gives (tag, start of value, end of value). Raises CardFault beyond `end`."""
    if at >= end:
        raise CardFault("tlv_malformed")
    tag = data[at]
    at += 1
    if tag & 0x1F == 0x1F:
        for _ in range(2):
            if at >= end:
                raise CardFault("tlv_malformed")
            byte = data[at]
            at += 1
            tag = tag << 8 | byte
            if byte < 0x80:
                break
        else:
            raise CardFault("tlv_malformed")
    if at >= end:
        raise CardFault("tlv_malformed")
    length = data[at]
    at += 1
    if length >= 0x80:
        if length == 0x81 and at < end:
            length = data[at]
            at += 1
        elif length == 0x82 and at + 1 < end:
            length = data[at] << 8 | data[at + 1]
            at += 2
        else:
            raise CardFault("tlv_malformed")
    if length > end - at:
        raise CardFault("tlv_malformed")
    return tag, at, at + length


def is_constructed(tag: int) -> bool:
    while tag > 0xFF:
        tag >>= 8
    return tag & 0x20 != 0


def children(data: bytes, at: int = 0, end: int | None = None) -> list[tuple[int, int, int]]:
    """The objects side by side in data[at:end], as (tag, start, end) of their values."""
    stop = len(data) if end is None else end
    found = []
    while at < stop:
        if data[at] == 0:
            at += 1
            continue
        found.append(header(data, at, stop))
        at = found[-1][2]
    return found


def objects(data: bytes, at: int = 0, end: int | None = None) -> list[tuple[int, bytes]]:
    """Every primitive object of data[at:end] in order, those inside templates too, as (tag, value)."""
    limit = len(data) if end is None else end
    outer: list[int] = []
    found = []
    while True:
        while at >= limit:
            if not outer:
                return found
            limit = outer.pop()
        if data[at] == 0:
            at += 1
            continue
        tag, start, stop = header(data, at, limit)
        if is_constructed(tag):
            if len(outer) == _DEEPEST:
                raise CardFault("tlv_too_deep")
            outer.append(limit)
            at = start
            limit = stop
        else:
            found.append((tag, data[start:stop]))
            at = stop


def single(data: bytes) -> tuple[int, int, int]:
    """(tag, start, end) of the one object that `data` must be, but for padding. Raises CardFault otherwise."""
    found = header(data, 0, len(data))
    if any(data[found[2] :]):
        raise CardFault("template_unexpected")
    return found


def only(data: bytes, expected: int) -> tuple[int, int]:
    """(start, end) of the value of the one object `expected` that `data` must be. Raises CardFault otherwise."""
    tag, start, end = single(data)
    if tag != expected:
        raise CardFault("template_unexpected")
    return start, end


def tag_bytes(tag: int) -> bytes:
    return tag.to_bytes(1 if tag < 0x100 else 2 if tag < 0x10000 else 3, "big")


def encode(tag: int, value: bytes) -> bytes:
    length = len(value)
    if length < 0x80:
        coded = bytes((length,))
    elif length < 0x100:
        coded = bytes((0x81, length))
    else:
        coded = bytes((0x82, length >> 8, length & 0xFF))
    return tag_bytes(tag) + coded + value
