"""VERIFY with an offline PIN (EMV Book 3, 6.5.12; enciphered: Book 2, 7.2). The kernel hears only the card's answer.

`digits` holds 4 to 12 values 0-9; wiping them is the caller's. What is made of them is wiped before a function returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

    Transmit = Callable[[bytes], tuple[bytes, int, int]]


def verify(transmit: Transmit, digits: bytearray) -> tuple[int, int]:
    """Put the PIN to the card in plaintext: (sw1, sw2)."""
    return _send(transmit, 0x80, _pin_block(digits))


def verify_enciphered(
    transmit: Transmit, digits: bytearray, key: tuple[bytes, bytes], challenge: bytes, padding: bytes
) -> tuple[int, int]:
    """Put it to the card enciphered with its key, (modulus, exponent), and with its challenge: (sw1, sw2)."""
    from emv.certificates import rsa

    block = bytearray(b"\x7f") + _pin_block(digits) + challenge + padding
    try:
        data = bytearray(rsa.recover(block, key[0], key[1]))
    finally:
        block[:] = bytes(len(block))
    return _send(transmit, 0x88, data)


def _pin_block(digits: bytearray) -> bytearray:
    """Control 2, length, digits, F to eight bytes (Book 3, table 24)."""
    block = bytearray(b"\x20\xff\xff\xff\xff\xff\xff\xff")
    block[0] |= len(digits)
    for place in range(len(digits)):
        at = 1 + place // 2
        block[at] = block[at] & 0xF0 | digits[place] if place & 1 else digits[place] << 4 | 0x0F
    return block


def _send(transmit: Transmit, reference: int, data: bytearray) -> tuple[int, int]:
    command = bytearray((0x00, 0x20, 0x00, reference, len(data))) + data
    try:
        _, sw1, sw2 = transmit(command)
    finally:
        command[5:] = bytes(len(data))
        data[:] = bytes(len(data))
    return sw1, sw2
