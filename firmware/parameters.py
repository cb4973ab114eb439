"""What the reader is told of the world it works in: the terminal profile, with the schemes' public keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from emv.profile.france import profile
from firmware.ca_keys import StoredCaKeys

if TYPE_CHECKING:
    from emv.profile import Profile
    from firmware.drivers.storage import Storage

_INTERFACE_DEVICE_SERIAL_NUMBER = const(0x9F1E)
_SERIAL_SIZE = const(8)


def load_profile(storage: Storage, serial_number: str) -> Profile:
    """Raises ProfileFault."""
    loaded = profile(StoredCaKeys(storage))
    serial = serial_number.replace("-", "").encode()[-_SERIAL_SIZE:]
    loaded.data[_INTERFACE_DEVICE_SERIAL_NUMBER] = b"0" * (_SERIAL_SIZE - len(serial)) + serial
    return loaded
