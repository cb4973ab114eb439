"""What of an exchange with the card may leave the reader: no PAN, no track, no name, no RSA block, no PIN.

Hidden values are zeroed at their length, so that a trace still decodes. RSA blocks count because the public keys
give the PAN back from them (Book 2, 6.4: 9F46 recovers to the ICC public key data, PAN included).
"""

from __future__ import annotations

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
    except (IndexError, ValueError):
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
    """Walk the TLV in place. Raises IndexError or ValueError when it is none."""
    at = 0
    ends = [len(data)]  # of the templates that we are in
    while at < len(data):
        while at == ends[-1]:
            ends.pop()
        if not data[at]:
            at += 1  # padding (Book 3, annex B1)
            continue
        constructed = data[at] & 0x20
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > ends[-1]:
            raise ValueError("length")
        if constructed:
            ends.append(at + length)
            continue
        if tag in _SECRET or length >= _RSA_LENGTH or (signature and tag == 0x80):
            data[at : at + length] = bytes(length)
        at += length


def _tag(data: bytearray, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F == 0x1F:
        more = True
        while more:
            tag = tag << 8 | data[at]
            more = data[at] & 0x80
            at += 1
    return tag, at


def _length(data: bytearray, at: int) -> tuple[int, int]:
    length = data[at]
    at += 1
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count < 3:
            raise ValueError("length")
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    return length, at
