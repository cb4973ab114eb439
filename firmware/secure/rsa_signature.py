"""Is this signed by that key? RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2), RSA-3072, exponent 65537."""

from __future__ import annotations

from hashlib import sha256

LENGTH = 384
_EXPONENT = 65537
_DIGEST_INFO = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"


def is_good(modulus: bytes, message: bytes, signature: bytes) -> bool:
    """The one block that may be there is made and compared whole: nothing of the signer's is parsed."""
    number, n = int.from_bytes(signature, "big"), int.from_bytes(modulus, "big")
    if len(modulus) != LENGTH or len(signature) != LENGTH or number >= n:
        return False
    return pow(number, _EXPONENT, n).to_bytes(LENGTH, "big") == block(message)


def block(message: bytes) -> bytes:
    """What is signed: padding, the name of the hash, the hash (RFC 8017, 9.2)."""
    signed = _DIGEST_INFO + sha256(message).digest()
    return b"\x00\x01" + b"\xff" * (LENGTH - len(signed) - 3) + b"\x00" + signed
