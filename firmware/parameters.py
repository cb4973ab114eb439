"""What the reader is told of the world it works in: the terminal profile, with the schemes' public keys."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING

from emv.constant import const
from emv.profile.loader import load
from firmware.ca_keys import StoredCaKeys

if TYPE_CHECKING:
    from emv.profile import Profile
    from firmware.drivers.storage import Storage

FILE = "profile.json"
_INTERFACE_DEVICE_SERIAL_NUMBER = const(0x9F1E)
_SERIAL_SIZE = const(8)


def load_profile(storage: Storage, serial_number: str) -> Profile:
    """Raises ProfileFault; OSError when the board brings no profile."""
    profile = load(json.loads(_read(storage)), StoredCaKeys(storage))
    serial = serial_number.replace("-", "").encode()[-_SERIAL_SIZE:]
    profile.data[_INTERFACE_DEVICE_SERIAL_NUMBER] = b"0" * (_SERIAL_SIZE - len(serial)) + serial
    return profile


def _read(storage: Storage) -> bytes:
    content = storage.read(FILE)
    if content is None:
        raise OSError(errno.ENOENT, FILE)
    return content
