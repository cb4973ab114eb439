"""Looks for what must never leave the reader: a PAN or PIN in any encoding, or a block that gives the PAN back.

A four-digit PIN stands by chance in any long run of digits: `pin_traces` therefore looks for the forms in which a PIN
is sent (PIN fields, messages of its own), and for all forms only when told to, in data that is small or all text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from tools.simulators.rsa import EXPONENT
from tools.simulators.scheme import CaPublicKey, schemes

SHORTEST_BLOCK = 64
_ISSUER, _CARD = 0x02, 0x04  # certificate formats (Book 2, tables 2 and 11)
_HEX = re.compile(rb"[0-9A-Fa-f]{128,}")
_BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{86,}")


def pan_traces(data: bytes, pan: str) -> list[str]:
    """How the PAN stands in `data`: names of forms; empty when it does not."""
    return [name for name, form in _forms(pan) if form in data] + (["bcd, shifted"] if _shifted(data, pan) else [])


def pin_traces(data: bytes, pin: str, every_form: bool = False) -> list[str]:
    """As for the PAN, of the PIN fields of formats 0, 2, 3 and 4 and VERIFY; `every_form`: of the bare digits too."""
    fields = [f"{format_}{len(pin):X}{pin}{fill * 2}" for format_ in "0234" for fill in "FA"]
    found = [field for field in fields if bytes.fromhex(field[: len(field) // 2 * 2]) in data]
    return found + (pan_traces(data, pin) if every_form else [])


def recover_pan_from_rsa(data: bytes, ca_keys: Iterable[CaPublicKey] | None = None) -> list[str]:
    """PANs in certificates anywhere in `data`, recovered as anybody can who has the CA's public keys.

    Each place is tried as an issuer certificate under each CA key (with what follows as the remainder), and each place
    again as a card certificate under each issuer key that came out, and under the simulated issuers' own. Blocks
    written out as hex or base64 are read first.
    """
    data = b"\x00".join([data, *_decoded(data)])
    places = _noisy(data)
    authorities = list(ca_keys) if ca_keys is not None else [scheme.ca_public_key for scheme in schemes()]
    moduli = {scheme.issuer.modulus for scheme in schemes()}
    for authority in authorities:
        moduli |= {_issuer_modulus(block) for block in _recovered(data, places, authority.modulus, _ISSUER)}
    found: list[str] = []
    for modulus in moduli:
        if len(modulus) >= SHORTEST_BLOCK:
            found += [block[2:12].hex().rstrip("f") for block in _recovered(data, places, modulus, _CARD)]
    return [number for number in found if number.isdecimal()]  # others came out of noise, by chance


def _forms(digits: str) -> Iterator[tuple[str, bytes]]:
    texts = {"text": digits, "text, reversed": digits[::-1], "text in groups": _grouped(digits)}
    for name, text in texts.items():
        raw = text.encode()
        yield name, raw
        yield f"{name}, hex", raw.hex().encode()
        yield f"{name}, hex capitals", raw.hex().upper().encode()
        yield f"{name}, utf-16", text.encode("utf-16-le")
        for shift, form in enumerate(_base64(raw)):
            yield f"{name}, base64 at {shift}", form
    for name, text in (("bcd", digits), ("bcd, reversed", digits[::-1])):
        packed = bytes.fromhex(text + "F" * (len(text) % 2))
        for shift, form in enumerate(_base64(packed)):
            yield f"{name}, base64 at {shift}", form


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _base64(raw: bytes) -> Iterator[bytes]:
    """What stands in the base64 of any data that holds `raw`, by its place in the groups of three."""
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw)
        whole = (shift + len(raw)) // 3 * 4
        yield coded[(shift * 8 + 5) // 6 : whole]


def _shifted(data: bytes, digits: str) -> bool:
    """Packed decimal at either nibble, either way round."""
    text = data.hex()
    return digits in text or digits[::-1] in text


def _noisy(data: bytes) -> list[int]:
    """Where an RSA block may begin: 64 random bytes have some 57 different values, text far fewer. Saves the time."""
    return [at for at in range(len(data) - SHORTEST_BLOCK + 1) if len(set(data[at : at + SHORTEST_BLOCK])) >= 40]


def _recovered(data: bytes, places: list[int], modulus: bytes, kind: int) -> Iterator[bytes]:
    """Each stretch of `data` that the public key opens to a certificate of that kind; our keys have exponent 3."""
    length, number = len(modulus), int.from_bytes(modulus, "big")
    for at in places:
        stretch = data[at : at + length]
        if len(stretch) < length:
            break
        opened = pow(int.from_bytes(stretch, "big"), EXPONENT, number).to_bytes(length, "big")
        if opened[0] == 0x6A and opened[1] == kind and opened[-1] == 0xBC:
            yield opened


def _decoded(data: bytes) -> Iterator[bytes]:
    for run in _HEX.findall(data):
        for start in (0, 1):
            digits = run[start:]
            yield bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    for run in _BASE64.findall(data):
        standard = run.translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            coded = standard[start:]
            yield base64.b64decode(coded[: len(coded) // 4 * 4])


def _issuer_modulus(block: bytes) -> bytes:
    """The issuer's modulus where the certificate holds all of it, else nothing."""
    size = block[13]
    return block[15 : 15 + size] if size <= len(block) - 36 else b""
