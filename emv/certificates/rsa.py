"""RSA with a public key (Book 2, B2.1.3): recovery of what was signed, and encipherment of a PIN, are one operation.

The one place where the kernel does long arithmetic.
"""

from __future__ import annotations


def recover(signature: bytes | bytearray, modulus: bytes, exponent: bytes) -> bytes:
    """The block raised to the public exponent, at the length of the modulus."""
    number = pow(int.from_bytes(signature, "big"), int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    return number.to_bytes(len(modulus), "big")
