"""The keys of one transaction (X9.24-3). They live as long as a payment: what uses them is loaded when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ReaderFault

if TYPE_CHECKING:
    from typing import Any, Callable

_MAC_LENGTH = const(8)
_CBC = const(2)


class TransactionKeys:
    """The keys of one counter, each for one usage; PIN and card data are encrypted once at most."""

    def __init__(self, ksn: bytes, key: bytearray, random: Callable[[int], bytes]) -> None:
        self.ksn = ksn
        self._key = key
        self._random = random
        self._spent = set()

    def pin_block(self, digits: bytearray, pan: str) -> bytes:
        """ISO 9564 format 4, 16 bytes. `digits` holds the values 0-9; wiping them is the caller's."""
        from firmware.secure import dukpt
        from firmware.secure.pin_block import pin_block

        return pin_block(self._once(dukpt.PIN_ENCRYPTION), digits, pan, self._random(8))

    def seal_card(self, card_data: bytes) -> bytes:
        """Card data (TLV) for the acquirer's authorisation alone."""
        from firmware.secure import dukpt

        return self._sealed(dukpt.DATA_ENCRYPTION, card_data)

    def seal_capture(self, data: dict[int, bytes]) -> bytes:
        """What the capture needs of what the card said (by tag), sealed for the acquirer alone."""
        from firmware.secure import dukpt
        from firmware.secure.card_data import capture_card_data

        return self._sealed(dukpt.DATA_BOTH_WAYS, capture_card_data(data))

    def request_mac(self, request: dict[str, Any]) -> bytes:
        """8 bytes over the fields of an online_request message."""
        from firmware.secure.mac_content import request_content

        return self._mac(request_content(request))

    def capture_mac(self, result: dict[str, Any]) -> bytes:
        """8 bytes over the fields of an approved result message: what the acquirer captures by."""
        from firmware.secure.mac_content import capture_content

        return self._mac(capture_content(result))

    def seal_mac(self, serial: str, digest: bytes) -> bytes:
        """8 bytes over this reader's seal of a day. `digest`: its hash."""
        from firmware.secure.mac_content import seal_content

        return self._mac(seal_content(serial, digest))

    def answer_mac_is_good(self, transaction_id: bytes, answer: dict[str, Any]) -> bool:
        """Did the acquirer write this online_answer, for the request of `transaction_id`? No MAC or no code: no."""
        from firmware.secure import dukpt
        from firmware.secure.cmac import cmac
        from firmware.secure.hmac import equal
        from firmware.secure.mac_content import answer_content

        if "mac" not in answer or "response_code" not in answer:
            return False
        mac = cmac(self._derive(dukpt.MAC_VERIFICATION), answer_content(transaction_id, answer))
        return equal(mac[:_MAC_LENGTH], answer["mac"], self._random(32))

    def wipe(self) -> None:
        """The transaction is over."""
        self._key[:] = bytes(len(self._key))
        self._spent.add(None)

    def _mac(self, content: bytes) -> bytes:
        from firmware.secure import dukpt
        from firmware.secure.cmac import cmac

        return cmac(self._derive(dukpt.MAC_GENERATION), content)[:_MAC_LENGTH]

    def _sealed(self, usage: int, content: bytes) -> bytes:
        """AES-CBC, padded 80 00.., zero IV since the key is used once."""
        from cryptolib import aes

        padded = content + b"\x80" + bytes(-(len(content) + 1) % 16)
        return aes(self._once(usage), _CBC, bytes(16)).encrypt(padded)

    def _once(self, usage: int) -> bytes:
        if usage in self._spent:
            raise ReaderFault("key_used_twice")
        self._spent.add(usage)
        return self._derive(usage)

    def _derive(self, usage: int) -> bytes:
        if None in self._spent:
            raise ReaderFault("keys_wiped")
        from firmware.secure import dukpt

        return dukpt.derive(self._key, usage, self.ksn[:8], int.from_bytes(self.ksn[8:], "big"))
