"""PAN and sealed card data out of what the card said (EMV Book 3, annex A)."""

from __future__ import annotations

_FOR_CAPTURE = (0x5A, 0x5F34, 0x5F24)
_SEALED = (0x5A, 0x5F34, 0x5F24, 0x57)


def pan(data: dict[int, bytes]) -> str:
    """Digits of the PAN, from 5A or else track 2 (a contactless card may give only that); "" when there is none."""
    value = data.get(0x5A)
    if value is not None:
        return value.hex().split("f")[0]
    return data.get(0x57, b"").hex().split("d")[0]


def card_data(data: dict[int, bytes]) -> bytes:
    """The TLV that is sealed for the acquirer: PAN, sequence number, expiry, track 2, as far as the card gave them."""
    return _encoded(data, _SEALED)


def capture_card_data(data: dict[int, bytes]) -> bytes:
    """The same for the capture: of a track nothing outlives the authorisation but the PAN (terminal/LAW-5)."""
    digits = pan(data)
    kept = dict(data)
    if digits:
        kept[0x5A] = bytes.fromhex(digits + "f" * (len(digits) % 2))
    return _encoded(kept, _FOR_CAPTURE)


def _encoded(data: dict[int, bytes], tags: tuple[int, ...]) -> bytes:
    encoded = b""
    for tag in tags:
        value = data.get(tag)
        if value is not None:
            encoded += tag.to_bytes(2 if tag > 0xFF else 1, "big") + bytes([len(value)]) + value
    return encoded
