"""HMAC-SHA-256 (RFC 2104, FIPS 198-1)."""

from __future__ import annotations

from hashlib import sha256

_BLOCK = 64


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """32 bytes. `key` is 64 bytes at most."""
    padded = key + bytes(_BLOCK - len(key))
    inner = sha256(bytes([byte ^ 0x36 for byte in padded]) + message).digest()
    return sha256(bytes([byte ^ 0x5C for byte in padded]) + inner).digest()


def equal(left: bytes, right: bytes, random_key: bytes) -> bool:
    """Compare without telling by time where they differ: both under a key drawn for this one comparison."""
    return hmac_sha256(random_key, left) == hmac_sha256(random_key, right)
