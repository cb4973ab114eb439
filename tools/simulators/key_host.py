"""The acquirer's host security module, simulated: every reader's keys from one base derivation key (X9.24-3, 6.3).

Written apart from firmware/secure and over other libraries, so that each checks the other; only the bytes that the MACs
cover are told in one place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from psec.pinblock import decipher_pinblock_iso_4

from emv import tlv
from emv.errors import CardFault
from firmware.secure.mac_content import answer_content, capture_content, request_content, seal_content
from tools.simulators.scheme import KEYS

# Key usages of X9.24-3, table 4; the reader encrypts and generates what we decrypt and verify
PIN_ENCRYPTION = 0x1000
MAC_FROM_READER = 0x2000
MAC_TO_READER = 0x2001
DATA_ENCRYPTION = 0x3000
DATA_BOTH_WAYS = 0x3002
KEY_DERIVATION = 0x8000
INITIAL_KEY = 0x8001

COUNTER_BITS = 32
_MAC_LENGTH = 8


class Unreadable(Exception):
    """They did wrong: what was sealed for us does not open."""


@dataclass(frozen=True)
class AcquirerKeys:
    base_derivation_key: bytes
    base_derivation_key_id: bytes
    token_key: bytes
    token_key_version: int

    def initial_key(self, key_id: bytes) -> bytes:
        """`key_id`, 8 bytes, is the base key's id and the reader's."""
        return _derived(self.base_derivation_key, INITIAL_KEY, key_id)

    def transaction(self, ksn: bytes) -> HostKeys:
        """The keys of one transaction. `ksn`: 12 bytes, initial key id and counter."""
        key_id, counter = ksn[:8], int.from_bytes(ksn[8:], "big")
        key = self.initial_key(key_id)
        walked = 0
        for bit in reversed(range(COUNTER_BITS)):
            if counter >> bit & 1:
                walked |= 1 << bit
                key = derived(key, KEY_DERIVATION, key_id, walked)
        return HostKeys(key, key_id, counter)


def acquirer_keys() -> AcquirerKeys:
    """The TEST KEYS of keys/acquirer.toml."""
    table = tomllib.loads((KEYS / "acquirer.toml").read_text())
    return AcquirerKeys(
        base_derivation_key=bytes.fromhex(table["base_derivation_key"]),
        base_derivation_key_id=bytes.fromhex(table["base_derivation_key_id"]),
        token_key=bytes.fromhex(table["token_key"]),
        token_key_version=table["token_key_version"],
    )


class HostKeys:
    """The other end of firmware.secure.vault.TransactionKeys."""

    def __init__(self, key: bytes, key_id: bytes, counter: int) -> None:
        self._key = key
        self._key_id = key_id
        self._counter = counter

    def request_mac_is_good(self, request: Mapping[str, Any]) -> bool:
        """`request` has the fields of an online_request message."""
        return compare_digest(self._mac(MAC_FROM_READER, request_content(request)), request["mac"])

    def capture_mac_is_good(self, result: Mapping[str, Any]) -> bool:
        """`result` has the fields of an approved result message. The keys are those of its mac_ksn, else of its ksn."""
        return compare_digest(self._mac(MAC_FROM_READER, capture_content(result)), result["mac"])

    def seal_mac_is_good(self, serial: str, digest: bytes, mac: bytes) -> bool:
        """`digest`: the hash of a seal message, `serial` of the reader that sealed."""
        return compare_digest(self._mac(MAC_FROM_READER, seal_content(serial, digest)), mac)

    def answer_mac(self, transaction_id: bytes, answer: Mapping[str, Any]) -> bytes:
        """For the fields of an online_answer message: 8 bytes."""
        return self._mac(MAC_TO_READER, answer_content(transaction_id, answer))

    def open_card(self, sealed: bytes) -> dict[int, bytes]:
        """By tag: 5A, 5F34, 5F24, 57, as far as the card gave them. Raises Unreadable."""
        return self._opened(DATA_ENCRYPTION, sealed)

    def open_capture(self, sealed: bytes) -> dict[int, bytes]:
        """By tag: 5A, 5F34, 5F24, as far as the card gave them. Raises Unreadable."""
        return self._opened(DATA_BOTH_WAYS, sealed)

    def open_pin(self, block: bytes, pan: str) -> str:
        """Raises Unreadable."""
        try:
            return decipher_pinblock_iso_4(self._derive(PIN_ENCRYPTION), block, pan)
        except ValueError:
            raise Unreadable from None

    def _opened(self, usage: int, sealed: bytes) -> dict[int, bytes]:
        cipher = Cipher(algorithms.AES(self._derive(usage)), modes.CBC(bytes(16)))
        try:
            padded = cipher.decryptor().update(sealed)
            content, mark, zeros = padded.rpartition(b"\x80")
            if not mark or any(zeros):
                raise Unreadable
            return dict(tlv.objects(content))
        except (ValueError, CardFault):
            raise Unreadable from None

    def _mac(self, usage: int, content: bytes) -> bytes:
        mac = CMAC(algorithms.AES(self._derive(usage)))
        mac.update(content)
        return mac.finalize()[:_MAC_LENGTH]

    def _derive(self, usage: int) -> bytes:
        return derived(self._key, usage, self._key_id, self._counter)


def derived(key: bytes, usage: int, key_id: bytes, counter: int) -> bytes:
    """AES-128 key from AES-128 key, for one usage and counter (X9.24-3, 6.3.2)."""
    return _derived(key, usage, key_id[4:] + counter.to_bytes(4, "big"))


def _derived(key: bytes, usage: int, context: bytes) -> bytes:
    algorithm, bits = b"\x00\x02", b"\x00\x80"
    data = b"\x01\x01" + usage.to_bytes(2, "big") + algorithm + bits + context
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)
