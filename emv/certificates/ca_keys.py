"""Keys of certification authorities, checked when they are loaded (Book 2, 5.2 and 11.2.1)."""

from __future__ import annotations

from hashlib import sha1

from emv.errors import ProfileFault


class CaKey:
    """`checksum` is SHA-1 over rid, index, modulus, exponent; a key whose checksum fails raises ProfileFault."""

    def __init__(self, rid: bytes, index: int, modulus: bytes, exponent: bytes, checksum: bytes | None = None) -> None:
        if len(rid) != 5 or not 64 <= len(modulus) <= 248 or exponent not in (b"\x03", b"\x01\x00\x01"):
            raise ProfileFault("ca_key_malformed")
        if checksum is not None and sha1(rid + bytes((index,)) + modulus + exponent).digest() != checksum:
            raise ProfileFault("ca_key_checksum")
        self.rid = rid
        self.index = index
        self.modulus = modulus
        self.exponent = exponent
