"""The schemes' public keys, in storage until a card names one.

Storage file "ca_keys": CBOR list of {rid, index, modulus, exponent, checksum}, where it has any {revoked} too: serial
numbers of issuer certificates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol import cbor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emv.certificates.ca_keys import CaKey
    from firmware.drivers.storage import Storage


class StoredCaKeys:
    """Without the file no card can be authenticated offline; the issuer still can. Raises ProfileFault at a bad key."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __iter__(self) -> Iterator[CaKey]:
        from emv.certificates.ca_keys import CaKey

        content = self._storage.read("ca_keys")
        for row in cbor.decode(content) if content else []:
            revoked = row.get("revoked", ())
            yield CaKey(row["rid"], row["index"], row["modulus"], row["exponent"], row["checksum"], revoked)
