"""The reader's keys: those of one transaction at a time (X9.24-3), and that of the card token (terminal/LAW-7).

Storage files: "dukpt" holds the state of dukpt.py, "keys" is laid out in key_files.py. `zinc keys` writes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptolib import aes

from firmware.errors import ReaderFault
from firmware.secure import dukpt, mac_content
from firmware.secure.cmac import cmac
from firmware.secure.hmac import equal, hmac_sha256
from firmware.secure.key_files import KEYS_LENGTH, TEST_KEYS, TOKEN_KEY_AT, TOKEN_VERSION_AT
from firmware.secure.pin_block import pin_block

if TYPE_CHECKING:
    from typing import Any, Callable

    from firmware.drivers.storage import Storage

MAC_LENGTH = 8
_CBC = 2


class Vault:
    def __init__(self, storage: Storage, random: Callable[[int], bytes]) -> None:
        self._storage = storage
        self._random = random

    def open_transaction(self) -> TransactionKeys:
        """Spend one counter. The state without it is stored before any key of it exists: a counter is never used twice.

        Raises ReaderFault keys_missing or keys_exhausted.
        """
        state = bytearray(self._read("dukpt", dukpt.STATE_LENGTH))
        ksn, key = dukpt.take(state)
        self._storage.replace("dukpt", bytes(state))
        return TransactionKeys(ksn, key, self._random)

    def token(self, pan: str) -> tuple[bytes, int]:
        """(HMAC-SHA-256 of the PAN, version of its key): the same for this card in all readers of one merchant."""
        keys = self._read("keys", KEYS_LENGTH)
        if not keys.startswith(TEST_KEYS):
            raise ReaderFault("keys_missing")  # no other kind of key is made yet
        return hmac_sha256(keys[TOKEN_KEY_AT:], pan.encode()), keys[TOKEN_VERSION_AT]

    def _read(self, name: str, length: int) -> bytes:
        content = self._storage.read(name)
        if content is None or len(content) != length:
            raise ReaderFault("keys_missing")
        return content


class TransactionKeys:
    """The keys of one counter, each for one usage; PIN and card data are encrypted once at most."""

    def __init__(self, ksn: bytes, key: bytearray, random: Callable[[int], bytes]) -> None:
        self.ksn = ksn
        self._key = key
        self._random = random
        self._spent = set()

    def pin_block(self, digits: bytearray, pan: str) -> bytes:
        """ISO 9564 format 4, 16 bytes. `digits` holds the values 0-9; wiping them is the caller's."""
        return pin_block(self._once(dukpt.PIN_ENCRYPTION), digits, pan, self._random(8))

    def seal_card(self, card_data: bytes) -> bytes:
        """Card data (TLV) for the acquirer alone: AES-CBC, padded 80 00.., zero IV since the key is used once."""
        padded = card_data + b"\x80" + bytes(-(len(card_data) + 1) % 16)
        return aes(self._once(dukpt.DATA_ENCRYPTION), _CBC, bytes(16)).encrypt(padded)

    def request_mac(self, request: dict[str, Any]) -> bytes:
        """8 bytes over the fields of an online_request message."""
        return cmac(self._derive(dukpt.MAC_GENERATION), mac_content.request_content(request))[:MAC_LENGTH]

    def answer_mac_is_good(self, transaction_id: bytes, answer: dict[str, Any]) -> bool:
        """Did the acquirer write this online_answer, for the request of `transaction_id`? No MAC or no code: no."""
        if "mac" not in answer or "response_code" not in answer:
            return False
        mac = cmac(self._derive(dukpt.MAC_VERIFICATION), mac_content.answer_content(transaction_id, answer))
        return equal(mac[:MAC_LENGTH], answer["mac"], self._random(32))

    def wipe(self) -> None:
        """The transaction is over."""
        self._key[:] = bytes(len(self._key))
        self._spent.add(None)

    def _once(self, usage: int) -> bytes:
        if usage in self._spent:
            raise ReaderFault("key_used_twice")
        self._spent.add(usage)
        return self._derive(usage)

    def _derive(self, usage: int) -> bytes:
        if None in self._spent:
            raise ReaderFault("keys_wiped")
        return dukpt.derive(self._key, usage, self.ksn[:8], int.from_bytes(self.ksn[8:], "big"))
