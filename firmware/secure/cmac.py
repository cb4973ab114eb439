"""AES-CMAC (NIST SP 800-38B, RFC 4493)."""

from __future__ import annotations

from cryptolib import aes

_ECB = 1
_CBC = 2


def cmac(key: bytes, message: bytes) -> bytes:
    """16 bytes; who needs fewer takes the leftmost."""
    subkey = _doubled(int.from_bytes(aes(key, _ECB).encrypt(bytes(16)), "big"))
    last = message[(len(message) - 1) // 16 * 16 :] if message else b""
    head = message[: len(message) - len(last)]
    if len(last) < 16:
        subkey = _doubled(subkey)
        last = last + b"\x80" + bytes(15 - len(last))
    mixed = int.from_bytes(last, "big") ^ subkey
    return aes(key, _CBC, bytes(16)).encrypt(head + mixed.to_bytes(16, "big"))[-16:]


def _doubled(value: int) -> int:
    """Multiplication by x in GF(2^128)."""
    value <<= 1
    return value ^ (1 << 128 | 0x87) if value >> 128 else value
