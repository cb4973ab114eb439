"""A QR code (ISO/IEC 18004) of a short text: byte mode, versions 1 to 5, level L, mask 0.

A code on a screen is clean, so the lowest level of correction does, and up to version 5 it is a single block. A reader
takes any mask; looking for the prettiest would cost more code than all the rest.
"""

from __future__ import annotations

from emv.constant import const

LONGEST = const(106)  # bytes
_CODEWORDS = b"\x13\x07\x22\x0a\x37\x0f\x50\x14\x6c\x1a"  # of data, of correction; by version
_FORMAT = const(0x77C4)  # level L, mask 0, with its own correction (7.9)
_POLYNOMIAL = const(0x11D)
_FREE = const(2)  # a module that is for data


def qr_code(text: bytes) -> tuple[int, bytearray]:
    """(modules on a side, modules row by row, 1 is dark). At most LONGEST bytes; no quiet zone around it."""
    version = 1
    while _CODEWORDS[2 * version - 2] < len(text) + 2:
        version += 1
    size = 17 + 4 * version
    modules = bytearray(bytes((_FREE,)) * (size * size))
    _draw_patterns(modules, size)
    data = _data(text, _CODEWORDS[2 * version - 2])
    _place(modules, size, data + _correction(data, _CODEWORDS[2 * version - 1]))
    return size, modules


def _data(text: bytes, length: int) -> bytes:
    """Mode 4, the count, the text, and the terminator: all half a byte aside; then padding (7.4)."""
    bits = (0x400 | len(text)) << 8 * len(text) | int.from_bytes(text, "big")
    padding = b"\xec\x11" * (length // 2)
    return ((bits << 4).to_bytes(len(text) + 2, "big") + padding)[:length]


def _correction(data: bytes, length: int) -> bytes:
    """The remainder of the division by the generator polynomial (7.5, annex A)."""
    generator = bytearray(length - 1) + b"\1"
    root = 1
    for _ in range(length):
        for at in range(length):
            following = generator[at + 1] if at + 1 < length else 0
            generator[at] = _product(generator[at], root) ^ following
        root = _product(root, 2)
    remainder = bytearray(length)
    for byte in data:
        factor = byte ^ remainder[0]
        remainder[:] = remainder[1:] + b"\0"
        for at in range(length):
            remainder[at] ^= _product(generator[at], factor)
    return bytes(remainder)


def _product(a: int, b: int) -> int:
    """In the field of 256 elements."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= _POLYNOMIAL
        b >>= 1
    return product


def _draw_patterns(modules: bytearray, size: int) -> None:
    """All that tells where the code is, and how it is made (6.3, 7.9)."""
    for at in range(size):  # timing; the finders cover its ends
        modules[6 * size + at] = modules[at * size + 6] = 1 - at % 2
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _draw_square(modules, size, row, column, 4, (2, 4))
    if size > 21:
        _draw_square(modules, size, size - 7, size - 7, 2, (1,))
    for at in range(15):
        bit = _FORMAT >> at & 1
        row = at if at < 6 else at + 1 if at < 8 else size - 15 + at
        column = size - 1 - at if at < 8 else 7 if at == 8 else 14 - at
        modules[row * size + 8] = modules[8 * size + column] = bit
    modules[(size - 8) * size + 8] = 1


def _draw_square(modules: bytearray, size: int, row: int, column: int, radius: int, light: tuple[int, ...]) -> None:
    """Rings around a centre; `light` are those that are not dark."""
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            if 0 <= row + down < size and 0 <= column + right < size:
                ring = max(abs(down), abs(right))
                modules[(row + down) * size + column + right] = ring not in light


def _place(modules: bytearray, size: int, codewords: bytes) -> None:
    """Two columns at a time from the right, up and down by turns, masked (7.7.3, 7.8)."""
    at = 0
    upwards = True
    right = size - 1
    while right > 0:
        if right == 6:  # timing
            right = 5
        for step in range(size):
            row = size - 1 - step if upwards else step
            for column in (right, right - 1):
                if modules[row * size + column] == _FREE:
                    bit = codewords[at >> 3] >> (7 - at & 7) & 1 if at < 8 * len(codewords) else 0
                    modules[row * size + column] = bit ^ (row + column & 1 ^ 1)
                    at += 1
        upwards = not upwards
        right -= 2
