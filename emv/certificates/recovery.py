"""Certificates and signatures of issuer and card, recovered and checked (Book 2, 5 to 7).

Every function raises NotAuthentic with the rule that failed and the object that it failed for. Keys are
(modulus, exponent). The order of the checks is the book's.
"""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from emv.certificates import rsa
from emv.constant import const
from emv.data_objects import sortable_date
from emv.errors import NotAuthentic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emv.certificates.ca_keys import CaKey

_APPLICATION_PRIMARY_ACCOUNT_NUMBER = const(0x5A)
_SIGNED_DYNAMIC_APPLICATION_DATA = const(0x9F4B)
_SIGNED_STATIC_APPLICATION_DATA = const(0x93)
_TRANSACTION_DATE = const(0x9A)

# Certificate, exponent, and remainder where the key is longer than its certificate has room for.
ISSUER = (0x90, 0x9F32, 0x92)
ICC = (0x9F46, 0x9F47, 0x9F48)
PIN_ENCIPHERMENT = (0x9F2D, 0x9F2E, 0x9F2F)


def issuer_key(ca_key: CaKey, data: dict[int, bytes]) -> tuple[bytes, bytes]:
    """Book 2, 5.3 and 6.3: the issuer's key, certified by the authority."""
    block = _certificate(data, ISSUER, (ca_key.modulus, ca_key.exponent), 2, 11, [])
    if not _identifies(block[2:6], data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER]):
        raise NotAuthentic("issuer_identifier_differs", (ISSUER[0], _APPLICATION_PRIMARY_ACCOUNT_NUMBER))
    _check_date(block[6:8], data, ISSUER[0])
    if block[8:11] in ca_key.revoked:
        raise NotAuthentic("certificate_revoked", (ISSUER[0],))
    return _key(block, 11, data, ISSUER)


def icc_key(
    issuer: tuple[bytes, bytes], data: dict[int, bytes], static_data: list[bytes], objects: tuple[int, ...] = ICC
) -> tuple[bytes, bytes]:
    """Book 2, 6.4 and 7.1: a key of the card, certified by its issuer; that of ICC signs the static data too."""
    block = _certificate(data, objects, issuer, 4, 17, static_data)
    pan = data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER]
    if block[2:12] != pan + b"\xff" * (10 - len(pan)):
        raise NotAuthentic("certificate_pan_differs", (objects[0], _APPLICATION_PRIMARY_ACCOUNT_NUMBER))
    _check_date(block[12:14], data, objects[0])
    return _key(block, 17, data, objects)


def static_signature(issuer: tuple[bytes, bytes], data: dict[int, bytes], static_data: list[bytes]) -> bytes:
    """Book 2, 5.4: check 93; gives the data authentication code."""
    block = _open(_SIGNED_STATIC_APPLICATION_DATA, data[_SIGNED_STATIC_APPLICATION_DATA], issuer, 3, 2)
    _check_hash(_SIGNED_STATIC_APPLICATION_DATA, block, static_data)
    return block[3:5]


def dynamic_signature(icc: tuple[bytes, bytes], signature: bytes, terminal_data: bytes) -> bytes:
    """Book 2, 6.5.2: check a signature made for this transaction; gives the ICC dynamic data."""
    block = open_dynamic(icc, signature)
    check_dynamic(block, terminal_data)
    return dynamic_data(block)


def open_dynamic(icc: tuple[bytes, bytes], signature: bytes) -> bytes:
    return _open(_SIGNED_DYNAMIC_APPLICATION_DATA, signature, icc, 5, 2)


def check_dynamic(block: bytes, terminal_data: bytes) -> None:
    _check_hash(_SIGNED_DYNAMIC_APPLICATION_DATA, block, (terminal_data,))


def dynamic_data(block: bytes) -> bytes:
    length = block[3]
    if length > len(block) - 25:
        raise NotAuthentic("dynamic_data_length", (_SIGNED_DYNAMIC_APPLICATION_DATA,))
    return block[4 : 4 + length]


def dynamic_number(dynamic_data: bytes) -> bytes:
    """The ICC dynamic number: 2 to 8 bytes behind their length."""
    if not dynamic_data or not 2 <= dynamic_data[0] <= 8 or dynamic_data[0] >= len(dynamic_data):
        raise NotAuthentic("dynamic_data_length", (_SIGNED_DYNAMIC_APPLICATION_DATA,))
    return dynamic_data[1 : 1 + dynamic_data[0]]


def _certificate(
    data: dict[int, bytes],
    objects: tuple[int, ...],
    signer: tuple[bytes, bytes],
    form: int,
    algorithm_at: int,
    more: list[bytes],
) -> bytes:
    """Open a certificate and check its hash, which goes on over remainder, exponent and what else is certified."""
    certificate, exponent, remainder = objects
    block = _open(certificate, data[certificate], signer, form, algorithm_at)
    if block[algorithm_at + 2] > len(block) - 25 - algorithm_at and remainder not in data:
        raise NotAuthentic("authentication_data_missing", (remainder,))
    _check_hash(certificate, block, [data.get(remainder, b""), data[exponent]] + more)
    return block


def _open(tag: int, signature: bytes, key: tuple[bytes, bytes], form: int, algorithm_at: int) -> bytes:
    """Recover a block: 6A, its format, a hash of SHA-1 where it says so, BC."""
    if len(signature) != len(key[0]):
        raise NotAuthentic("signature_length", (tag,))
    block = rsa.recover(signature, key[0], key[1])
    for place, expected, why in (
        (len(block) - 1, 0xBC, "signature_trailer"),
        (0, 0x6A, "signature_header"),
        (1, form, "signature_format"),
        (algorithm_at, 1, "signature_algorithm"),
    ):
        if block[place] != expected:
            raise NotAuthentic(why, (tag,))
    return block


def _check_hash(tag: int, block: bytes, more: Sequence[bytes]) -> None:
    digest = sha1(block[1:-21])
    for part in more:
        digest.update(part)
    if digest.digest() != block[-21:-1]:
        raise NotAuthentic("signature_hash", (tag,))


def _key(block: bytes, at: int, data: dict[int, bytes], objects: tuple[int, ...]) -> tuple[bytes, bytes]:
    """The key in a certificate: hash and key algorithm, lengths, leftmost digits at `at`; the rest is the remainder."""
    tags = objects[:1]
    exponent = data[objects[1]]
    remainder = data.get(objects[2], b"")
    if block[at + 1] != 1:
        raise NotAuthentic("key_algorithm", tags)
    length = block[at + 2]
    room = len(block) - 25 - at
    if exponent not in (b"\x03", b"\x01\x00\x01") or block[at + 3] != len(exponent):
        raise NotAuthentic("key_exponent", tags)
    # No key is longer than the one that certifies it (Book 2, 5.1, 6.1 and 7.1).
    if not 64 <= length <= len(block) or len(remainder) != max(0, length - room):
        raise NotAuthentic("key_length", tags)
    modulus = block[at + 4 : at + 4 + min(length, room)] + remainder
    if modulus[0] == 0 or modulus[-1] & 1 == 0:
        raise NotAuthentic("key_modulus", tags)
    return modulus, exponent


def _check_date(month_year: bytes, data: dict[int, bytes], tag: int) -> None:
    """A certificate is good to the end of its month."""
    if not month_year.hex().isdigit() or not 0x01 <= month_year[0] <= 0x12:
        raise NotAuthentic("certificate_date", (tag,))
    today = data[_TRANSACTION_DATE]
    if sortable_date(bytes((month_year[1], month_year[0]))) < sortable_date(today[:2]):
        raise NotAuthentic("certificate_expired", (tag, _TRANSACTION_DATE))


def _identifies(identifier: bytes, pan: bytes) -> bool:
    """Are the 3 to 8 digits before the F padding the leftmost of the PAN?"""
    digits = identifier.hex().rstrip("f")
    return len(digits) >= 3 and pan.hex().startswith(digits)
