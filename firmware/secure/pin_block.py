"""PIN block format 4 (ISO 9564-1:2017, 9.4): PIN and PAN bound under AES."""

from __future__ import annotations

from cryptolib import aes

_ECB = 1


def pin_block(key: bytes, digits: bytearray, pan: str, fill: bytes) -> bytes:
    """16 bytes. `digits` holds 4 to 12 values 0-9, `fill` 8 random bytes."""
    field = _pin_field(digits, fill)
    cipher = aes(key, _ECB)
    block = cipher.encrypt(field)
    field[:] = bytes(16)
    return cipher.encrypt(_xor(block, _pan_field(pan)))


def _pin_field(digits: bytearray, fill: bytes) -> bytearray:
    field = bytearray(b"\x40" + b"\xaa" * 7 + fill)
    field[0] |= len(digits)
    for place in range(len(digits)):
        low = place & 1
        at = 1 + place // 2
        field[at] = field[at] & 0xF0 | digits[place] if low else digits[place] << 4 | 0x0A
    return field


def _pan_field(pan: str) -> bytes:
    if len(pan) < 12:
        pan = "0" * (12 - len(pan)) + pan
    text = str(len(pan) - 12) + pan
    return bytes.fromhex(text + "0" * (32 - len(text)))


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes([a ^ b for a, b in zip(left, right)])
