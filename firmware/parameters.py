"""What the reader is told of the world it works in: the terminal profile, and the schemes' public keys out of storage.

Storage file "ca_keys": CBOR list of {rid, index, modulus, exponent, checksum}; each key is checked when it is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.certificates.ca_keys import CaKey
from emv.constant import const
from emv.profile.france import profile
from protocol import cbor

if TYPE_CHECKING:
    from emv.profile import Profile
    from firmware.drivers.storage import Storage

_INTERFACE_DEVICE_SERIAL_NUMBER = const(0x9F1E)
_SERIAL_SIZE = const(8)


def load_profile(storage: Storage, serial_number: str) -> Profile:
    """Without a file of keys no card can be authenticated offline; the issuer still can. Raises ProfileFault."""
    loaded = profile(_ca_keys(storage.read("ca_keys")))
    serial = serial_number.replace("-", "").encode()[-_SERIAL_SIZE:]
    loaded.data[_INTERFACE_DEVICE_SERIAL_NUMBER] = b"0" * (_SERIAL_SIZE - len(serial)) + serial
    return loaded


def _ca_keys(content: bytes | None) -> list[CaKey]:
    rows = cbor.decode(content) if content else []
    return [CaKey(row["rid"], row["index"], row["modulus"], row["exponent"], row["checksum"]) for row in rows]
