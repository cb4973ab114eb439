"""What of an exchange with the card may leave the reader: no PAN, no track, no name, no RSA block, no PIN.

Hidden values are zeroed at their length, so that a trace still decodes. RSA blocks count because the public keys
give the PAN back from them (Book 2, 6.4: 9F46 recovers to the ICC public key data, PAN included).
"""

from __future__ import annotations

from emv import tlv
from emv.errors import CardFault

# PAN, tracks and name; then issuer key and signatures, ICC key, PIN key, dynamic signature
_SECRET = (0x5A, 0x57, 0x56, 0x9F6B, 0x5F20, 0x9F1F, 0x9F20, 0x90, 0x92, 0x93, 0x9F46, 0x9F48, 0x9F4B, 0x9F2D)
_RSA_LENGTH = 64  # no value of 512 bits or more leaves, whatever tag a card gives it (format 1 of Book 3, 6.5.9 too)
_VERIFY = 0x20
_INTERNAL_AUTHENTICATE = 0x88


def redact_exchange(command: bytes, response: bytes) -> tuple[bytes, bytes]:
    """(C-APDU, R-APDU with status word), both fit to be shown."""
    if command[1] == _VERIFY:
        command = command[:5] + bytes(len(command) - 5)
    data = bytearray(response[:-2])
    try:
        _hide(data, command[1] == _INTERNAL_AUTHENTICATE)
    except CardFault:
        data = bytearray(len(data))
    return command, bytes(data) + response[-2:]


def hide_pan(exchanges: list[tuple[bytes, bytes]], pan: str) -> list[tuple[bytes, bytes]]:
    """Zero every place where the PAN stands: as digits at either nibble, or as text. Cards may put it anywhere."""
    forms = (pan, pan.encode().hex())
    return [(_without(command, forms), _without(response, forms)) for command, response in exchanges]


def _without(data: bytes, forms: tuple[str, str]) -> bytes:
    text = data.hex()
    for form in forms:
        text = text.replace(form, "0" * len(form))
    return bytes.fromhex(text)


def _hide(data: bytearray, signature: bool) -> None:
    """Walk the TLV in place. Raises CardFault when it is none."""
    at = 0
    end = len(data)
    outer = []  # ends of the templates around the one that we are in
    while at < len(data):
        while at == end:
            end = outer.pop()
        if not data[at]:
            at += 1  # padding (Book 3, annex B1)
            continue
        tag, start, stop = tlv.header(data, at, end)
        if tlv.is_constructed(tag):
            outer.append(end)
            end = stop
            at = start
            continue
        if tag in _SECRET or stop - start >= _RSA_LENGTH or (signature and tag == 0x80):
            data[start:stop] = bytes(stop - start)
        at = stop
