"""A recording without what names the card or its holder: another number, no track, no name, no RSA block, no PIN."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from emv import tlv
from emv.errors import CardFault
from emv.trace import RSA_BYTES
from emv.transaction import Transaction
from firmware.secure.card_data import pan
from tools.record.errors import RecordingFailed
from tools.record.recorder import written_again
from tools.replay import redaction as replayed_redaction

RSA_BLOCKS = (0x90, 0x92, 0x93, 0x9F46, 0x9F48, 0x9F4B, 0x9F2D, 0x9F2F)
NUMBER, TRACK_2, TRACK_2_DATA = 0x5A, 0x57, 0x9F6B
NAMES = (0x5F20, 0x9F0B)
DIGITS_AS_TEXT = (0x56, 0x9F1F, 0x9F24)
DISCRETIONARY = 0x9F20
INTERNAL_AUTHENTICATE, GET_RESPONSE, FORMAT_1 = 0x88, 0xC0, 0x80
SCHEME_DIGITS = 4  # kept: they say which scheme's number it is, and nothing of whose


class Redaction:
    """Rewrites answers at their length. `beginning`: of the number that stands for the card's."""

    def __init__(self, number: str, beginning: str) -> None:
        self.number = number
        self.stand_in = stand_in(beginning, len(number))
        self._asked = b"\x00\x00"

    def __call__(self, command: bytes, response: bytes, transaction: Transaction) -> bytes:
        if command[1] != GET_RESPONSE:
            self._asked = command
        try:
            data = self._objects(response[:-2], transaction)
        except CardFault:
            if any(response[:-2]) and response[-2] == 0x61:
                raise RecordingFailed("an answer came in pieces, which cannot be redacted") from None
            data = bytes(len(response) - 2)
        return self._without_number(data) + response[-2:]

    def _objects(self, data: bytes, transaction: Transaction) -> bytes:
        """Raises CardFault when it is no TLV."""
        shown = bytearray(data)
        self._replace(shown, 0, len(shown), transaction)
        return bytes(shown)

    def _replace(self, data: bytearray, at: int, end: int, transaction: Transaction) -> None:
        for tag, start, stop in tlv.children(bytes(data), at, end):
            if tlv.is_constructed(tag):
                self._replace(data, start, stop, transaction)
            else:
                value = self.value(tag, bytes(data[start:stop]), transaction)
                if len(value) != stop - start:
                    raise RecordingFailed(f"object {tag:X} would not keep its length")
                data[start:stop] = value

    def value(self, tag: int, value: bytes, _transaction: Transaction) -> bytes:
        """What stands in the place of an object's value, as long as that."""
        if tag in RSA_BLOCKS or len(value) >= RSA_BYTES:
            return bytes(len(value))
        if tag == FORMAT_1 and self._asked[1] == INTERNAL_AUTHENTICATE:
            return bytes(len(value))
        if tag == NUMBER:
            return bytes.fromhex(self.stand_in.ljust(2 * len(value), "F"))[: len(value)]
        if tag in (TRACK_2, TRACK_2_DATA):
            return self._track(value)
        if tag in NAMES:
            return b" /".ljust(len(value))[: len(value)]
        if tag in DIGITS_AS_TEXT:
            return b"0" * len(value)
        return bytes(len(value)) if tag == DISCRETIONARY else value

    def _track(self, value: bytes) -> bytes:
        """Number, separator, expiry and service code; what follows is the issuer's, and the card's own."""
        _, separator, rest = value.hex().upper().partition("D")
        filler = "F" if rest.endswith("F") else ""
        digits = self.stand_in + separator + rest[:7]
        return bytes.fromhex((digits.ljust(2 * len(value) - len(filler), "0") + filler)[: 2 * len(value)])

    def _without_number(self, data: bytes) -> bytes:
        """Wherever else a card puts it: as digits at either nibble, or as text."""
        text = data.hex()
        for form, instead in ((self.number, self.stand_in), (self.number.encode().hex(), self.stand_in.encode().hex())):
            text = text.replace(form, instead)
        return bytes.fromhex(text)


def stand_in(beginning: str, length: int) -> str:
    """A number that begins so, with its check digit (ISO/IEC 7812-1, annex B)."""
    digits = beginning[: length - 1].ljust(length - 1, "0")
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def without_pin(file: dict[str, Any]) -> dict[str, Any]:
    """Another PIN as long: VERIFY is built of it again, and the card's answer stays."""
    changed = deepcopy(file)
    pin = changed.get("cardholder", {}).get("pin")
    if pin is not None:
        changed["cardholder"]["pin"] = "0" * len(pin)
    return changed


def redacted(file: dict[str, Any], transaction: Transaction) -> dict[str, Any]:
    """`transaction` is of the run that `file` was recorded from. Raises RecordingFailed."""
    changed = without_pin(file)
    changed["redacted"] = True
    number = pan(transaction.data)
    rewrite = Redaction(number, number[:SCHEME_DIGITS]) if number else Redaction("-", "")
    with replayed_redaction.Trust(changed, changed["expect"]):
        written, _ = written_again(changed, rewrite)
    return written
