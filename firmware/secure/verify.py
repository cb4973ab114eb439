"""VERIFY with a plaintext offline PIN (EMV Book 3, 6.5.12). The kernel hears only the card's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

    from firmware.secure.pin_entry import Pin


def verify(transmit: Callable[[bytes], tuple[bytes, int, int]], pin: Pin) -> tuple[int, int]:
    """Send the PIN to the card: (sw1, sw2). The command is wiped before this returns; the Pin is the caller's."""
    command = bytearray(b"\x00\x20\x00\x80\x08\x20\xff\xff\xff\xff\xff\xff\xff")
    digits = pin.digits
    command[5] |= len(digits)
    for place in range(len(digits)):
        at = 6 + place // 2
        command[at] = command[at] & 0xF0 | digits[place] if place & 1 else digits[place] << 4 | 0x0F
    try:
        _, sw1, sw2 = transmit(command)
    finally:
        command[5:] = bytes(8)
    return sw1, sw2
