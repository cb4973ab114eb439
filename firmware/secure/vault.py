"""The reader's keys: those of one transaction at a time (X9.24-3), and that of the card token (terminal/LAW-7).

Storage files: "dukpt" is the state of dukpt.py, checked, "keys" is laid out in key_files.py; `zinc keys` writes them.
"mark/dukpt", checked too, is the newest serial number that was spent: the file system, when its own data rot, may go
back in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.checked import checked, proven
from firmware.errors import ReaderFault
from firmware.secure import dukpt
from firmware.secure.hmac import hmac_sha256
from firmware.secure.key_files import KEYS_LENGTH, TEST_KEYS, TOKEN_KEY_AT, TOKEN_VERSION_AT
from firmware.secure.transaction_keys import TransactionKeys

if TYPE_CHECKING:
    from typing import Callable

    from firmware.drivers.storage import Storage


_MARK = "mark/dukpt"


class Vault:
    def __init__(self, storage: Storage, random: Callable[[int], bytes]) -> None:
        self._storage = storage
        self._random = random

    def open_transaction(self) -> TransactionKeys:
        """Spend one counter. The state without it is stored before any key of it exists: a counter is never used twice.

        Raises ReaderFault keys_missing, keys_exhausted or storage_full.
        """
        state = self._state()
        spent = proven(self._storage.read(_MARK))
        ksn, key = dukpt.take(state)
        while ksn[:8] == spent[:8] and ksn <= spent:
            ksn, key = dukpt.take(state)
        try:
            self._storage.replace(_MARK, checked(ksn))
            self._storage.replace("dukpt", checked(bytes(state)))
        except OSError:
            raise ReaderFault("storage_full") from None
        return TransactionKeys(ksn, key, self._random)

    def token(self, number: bytes) -> tuple[bytes, int]:
        """(HMAC-SHA-256 of it, version of its key): the same for this card in all readers of one merchant.

        `number`: digits of the PAN, or the payment account reference (9F24), which a card and its phones share.
        """
        keys = self._token_keys()
        return hmac_sha256(keys[TOKEN_KEY_AT:], number), keys[TOKEN_VERSION_AT]

    def velocity_token(self, pan: str, date: tuple[int, int, int]) -> bytes:
        """8 bytes, for this reader's memory alone: under a key of the day, so that it is no token of tomorrow."""
        key_of_the_day = hmac_sha256(self._token_keys()[TOKEN_KEY_AT:], b"velocity %d-%d-%d" % date)
        return hmac_sha256(key_of_the_day, pan.encode())[:8]

    def merchant_code_key(self) -> bytes:
        """32 bytes, for secure/merchant_code.py alone: another one in readers of another merchant."""
        return hmac_sha256(self._token_keys()[TOKEN_KEY_AT:], b"merchant code")

    def _token_keys(self) -> bytes:
        keys = self._read("keys", KEYS_LENGTH)
        if not keys.startswith(TEST_KEYS):
            raise ReaderFault("keys_missing")  # no other kind of key is made yet
        return keys

    def _state(self) -> bytearray:
        """One that has rotted is none: what is approved offline by a wrong key is never paid (faults/R-12)."""
        state = proven(self._storage.read("dukpt"))
        if len(state) != dukpt.STATE_LENGTH:
            raise ReaderFault("keys_missing")
        return bytearray(state)

    def _read(self, name: str, length: int) -> bytes:
        content = self._storage.read(name)
        if content is None or len(content) != length:
            raise ReaderFault("keys_missing")
        return content
