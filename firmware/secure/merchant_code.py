"""The merchant's code: money goes back without a sale (terminal/T-R08). Three tries, then a quarter of an hour.

Storage file "merchant_code": marker of 16 bytes, salt of 16, hash of 32; "merchant_tries": how many were wrong, u8, and
since when, u64 in seconds. The hash is slow and under a key of this reader, since a code has only a million values.
"""

from __future__ import annotations

from struct import pack, unpack
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.secure.hmac import equal, hmac_sha256
from firmware.secure.key_files import TEST_KEYS

if TYPE_CHECKING:
    from firmware.drivers.storage import Storage
    from firmware.secure.vault import Vault

FILE = "merchant_code"
TRIES = "merchant_tries"
MOST_TRIES = const(3)
LOCKED_S = const(900)
_ROUNDS = const(1000)
_SALT = const(16)
_TRIES = ">BQ"


def is_set(storage: Storage) -> bool:
    content = storage.read(FILE)
    return content is not None and content.startswith(TEST_KEYS) and len(content) == len(TEST_KEYS) + _SALT + 32


def is_locked(storage: Storage, now_s: int) -> bool:
    """`now_s`: of local_time. A clock that went back locks anew, and for no longer."""
    wrong, since_s = _wrong(storage)
    if wrong < MOST_TRIES or now_s - since_s >= LOCKED_S:
        return False
    if now_s < since_s:
        storage.replace(TRIES, pack(_TRIES, wrong, now_s))
    return True


def is_good(storage: Storage, vault: Vault, digits: bytearray, now_s: int) -> bool:
    """Counts as wrong, durably, before it is looked at: no power cut makes a try free. Ask `is_locked` first.

    `digits`: values 0-9; wiping them is the caller's. Raises OSError, ReaderFault keys_missing.
    """
    wrong, _ = _wrong(storage)
    storage.replace(TRIES, pack(_TRIES, wrong % MOST_TRIES + 1, now_s))
    kept = (storage.read(FILE) or b"")[len(TEST_KEYS) :]
    key = vault.merchant_code_key()
    if not is_set(storage) or not equal(hashed(key, kept[:_SALT], digits), kept[_SALT:], key):
        return False
    storage.replace(TRIES, pack(_TRIES, 0, now_s))
    return True


def hashed(key: bytes, salt: bytes, digits: bytearray) -> bytes:
    """As the first block of PBKDF2 (RFC 8018, 5.2) but for its sum."""
    value = hmac_sha256(key, salt + digits)
    for _ in range(_ROUNDS):
        value = hmac_sha256(key, value)
    return value


def _wrong(storage: Storage) -> tuple[int, int]:
    content = storage.read(TRIES)
    return unpack(_TRIES, content) if content is not None and len(content) == 9 else (0, 0)
