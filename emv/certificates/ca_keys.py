"""Keys of certification authorities, checked when they are loaded (Book 2, 5.2 and 11.2.1)."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from emv.errors import ProfileFault

if TYPE_CHECKING:
    from collections.abc import Sequence


class CaKey:
    """`checksum` is SHA-1 over rid, index, modulus, exponent; a key whose checksum fails raises ProfileFault.

    `revoked`: serial numbers of issuer certificates that are not to be trusted (Book 2, 5.1.2), 3 bytes each.
    """

    def __init__(
        self,
        rid: bytes,
        index: int,
        modulus: bytes,
        exponent: bytes,
        checksum: bytes | None = None,
        revoked: Sequence[bytes] = (),
    ) -> None:
        if len(rid) != 5 or not 64 <= len(modulus) <= 248 or exponent not in (b"\x03", b"\x01\x00\x01"):
            raise ProfileFault("ca_key_malformed")
        if checksum is not None and sha1(rid + bytes((index,)) + modulus + exponent).digest() != checksum:
            raise ProfileFault("ca_key_checksum")
        self.rid = rid
        self.index = index
        self.modulus = modulus
        self.exponent = exponent
        self.revoked = revoked
