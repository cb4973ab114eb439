"""What of an exchange with the card may leave the reader: no PAN, no track, no name, no RSA block, no PIN.

Hidden values are zeroed at their length, so that a trace still decodes. RSA blocks count because the public keys
give the PAN back from them (Book 2, 6.4: 9F46 recovers to the ICC public key data, PAN included).
"""

from __future__ import annotations

from emv import dol, tlv
from emv.constant import const
from emv.errors import CardFault
from emv.trace import REDACTED, RSA_BYTES

_VERIFY = const(0x20)
_INTERNAL_AUTHENTICATE = const(0x88)
_FORMAT_1 = const(0x80)  # the signature of INTERNAL AUTHENTICATE without a tag of its own (Book 3, 6.5.9)


def redact_exchange(command: bytes, response: bytes, listed: bytes = b"") -> tuple[bytes, bytes]:
    """(C-APDU, R-APDU with status word), both fit to be shown. `listed`: the object list that the command answers."""
    if command[1] == _VERIFY:
        command = command[:5] + bytes(max(0, len(command) - 5))
    elif listed:
        command = _without_listed(command, listed)
    data = bytearray(response[:-2])
    try:
        if data:
            tlv.single(data)  # all answers of Book 3 are one object: two, or a piece of one, cannot be judged
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


def _without_listed(command: bytes, listed: bytes) -> bytes:
    """A card may ask for its own PAN, whole or cut: those bytes go."""
    shown = bytearray(command)
    entries = dol.entries(listed)
    at = len(command) - 1 - sum([length for _, length in entries])
    for tag, length in entries:
        if tag in REDACTED:
            shown[at : at + length] = bytes(length)
        at += length
    return bytes(shown)


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
        if tag in REDACTED or stop - start >= RSA_BYTES or (signature and tag == _FORMAT_1):
            data[start:stop] = bytes(stop - start)
        at = stop
