"""Certificates and signatures of issuer and card, recovered and checked (Book 2, 5 and 6).

Every function raises NotAuthentic with the rule that failed. Keys are (modulus, exponent).
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
_ICC_PUBLIC_KEY_CERTIFICATE = const(0x9F46)
_ICC_PUBLIC_KEY_EXPONENT = const(0x9F47)
_ICC_PUBLIC_KEY_REMAINDER = const(0x9F48)
_ISSUER_PUBLIC_KEY_CERTIFICATE = const(0x90)
_ISSUER_PUBLIC_KEY_EXPONENT = const(0x9F32)
_ISSUER_PUBLIC_KEY_REMAINDER = const(0x92)
_SIGNED_STATIC_APPLICATION_DATA = const(0x93)
_TRANSACTION_DATE = const(0x9A)


def issuer_key(ca_key: CaKey, data: dict[int, bytes]) -> tuple[bytes, bytes]:
    """Book 2, 5.3: the issuer's key from 90, 92 and 9F32."""
    exponent = data[_ISSUER_PUBLIC_KEY_EXPONENT]
    remainder = data.get(_ISSUER_PUBLIC_KEY_REMAINDER, b"")
    block = _open(data[_ISSUER_PUBLIC_KEY_CERTIFICATE], ca_key.modulus, ca_key.exponent, 2, 11)
    _check_hash(block, (remainder, exponent))
    if not _identifies(block[2:6], data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER]):
        raise NotAuthentic("issuer_identifier_differs")
    _check_date(block[6:8], data)
    return _key(block, 11, remainder, exponent)


def icc_key(issuer: tuple[bytes, bytes], data: dict[int, bytes], static_data: list[bytes]) -> tuple[bytes, bytes]:
    """Book 2, 6.4: the card's key from 9F46, 9F48 and 9F47; the certificate signs the static data too."""
    exponent = data[_ICC_PUBLIC_KEY_EXPONENT]
    remainder = data.get(_ICC_PUBLIC_KEY_REMAINDER, b"")
    block = _open(data[_ICC_PUBLIC_KEY_CERTIFICATE], issuer[0], issuer[1], 4, 17)
    _check_hash(block, [remainder, exponent] + static_data)
    pan = data[_APPLICATION_PRIMARY_ACCOUNT_NUMBER]
    if block[2:12] != pan + b"\xff" * (10 - len(pan)):
        raise NotAuthentic("certificate_pan_differs")
    _check_date(block[12:14], data)
    return _key(block, 17, remainder, exponent)


def static_signature(issuer: tuple[bytes, bytes], data: dict[int, bytes], static_data: list[bytes]) -> bytes:
    """Book 2, 5.4: check 93; gives the data authentication code."""
    block = _open(data[_SIGNED_STATIC_APPLICATION_DATA], issuer[0], issuer[1], 3, 2)
    _check_hash(block, static_data)
    return block[3:5]


def dynamic_signature(icc: tuple[bytes, bytes], signature: bytes, terminal_data: bytes) -> bytes:
    """Book 2, 6.5.2: check a signature made for this transaction; gives the ICC dynamic data."""
    block = _open(signature, icc[0], icc[1], 5, 2)
    _check_hash(block, (terminal_data,))
    length = block[3]
    if length > len(block) - 25:
        raise NotAuthentic("dynamic_data_length")
    return block[4 : 4 + length]


def dynamic_number(dynamic_data: bytes) -> bytes:
    """The ICC dynamic number: 2 to 8 bytes behind their length."""
    if not dynamic_data or not 2 <= dynamic_data[0] <= 8 or dynamic_data[0] >= len(dynamic_data):
        raise NotAuthentic("dynamic_data_length")
    return dynamic_data[1 : 1 + dynamic_data[0]]


def _open(signature: bytes, modulus: bytes, exponent: bytes, form: int, algorithm_at: int) -> bytes:
    """Recover a block: 6A, its format, a hash of SHA-1 where it says so, BC."""
    if len(signature) != len(modulus):
        raise NotAuthentic("signature_length")
    block = rsa.recover(signature, modulus, exponent)
    if len(block) < 36 or block[0] != 0x6A or block[-1] != 0xBC or block[1] != form:
        raise NotAuthentic("signature_format")
    if block[algorithm_at] != 1:
        raise NotAuthentic("signature_algorithm")
    return block


def _check_hash(block: bytes, more: Sequence[bytes]) -> None:
    digest = sha1(block[1:-21])
    for part in more:
        digest.update(part)
    if digest.digest() != block[-21:-1]:
        raise NotAuthentic("signature_hash")


def _key(block: bytes, at: int, remainder: bytes, exponent: bytes) -> tuple[bytes, bytes]:
    """The key in a certificate: hash and key algorithm, lengths, leftmost digits at `at`; the rest is the remainder."""
    if block[at + 1] != 1:
        raise NotAuthentic("key_algorithm")
    length = block[at + 2]
    room = len(block) - 21 - (at + 4)
    if exponent not in (b"\x03", b"\x01\x00\x01") or block[at + 3] != len(exponent):
        raise NotAuthentic("key_exponent")
    if length > len(block) or length < 36 or len(remainder) != max(0, length - room):
        raise NotAuthentic("key_length")
    modulus = block[at + 4 : at + 4 + min(length, room)] + remainder
    if modulus[-1] & 1 == 0:
        raise NotAuthentic("key_modulus")
    return modulus, exponent


def _check_date(month_year: bytes, data: dict[int, bytes]) -> None:
    """A certificate is good to the end of its month."""
    today = data[_TRANSACTION_DATE]
    if sortable_date(bytes((month_year[1], month_year[0]))) < sortable_date(today[:2]):
        raise NotAuthentic("certificate_expired")


def _identifies(identifier: bytes, pan: bytes) -> bool:
    """Are the 3 to 8 digits before the F padding the leftmost of the PAN?"""
    digits = identifier.hex().rstrip("f")
    return len(digits) >= 3 and pan.hex().startswith(digits)
