"""What the issuer prescribes for its cards: application cryptogram, issuer application data, issuer authentication.

Card and issuer both use it, over pyemv. Visa cryptogram version 18: session key of EMV Book 2, A1.3, response by method
2. M/Chip cryptogram version 20: the same session key, response by method 1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from cryptography.utils import CryptographyDeprecationWarning
from pyemv.cvn import MasterCardCVN20, VisaCVN18

from tools.simulators.scheme import Scheme

# Issuers still use Triple DES; the library that computes it for us says that it is old
warnings.filterwarnings("ignore", message=".*TripleDES", category=CryptographyDeprecationWarning)

V = TypeVar("V", VisaCVN18, MasterCardCVN20)

AAC = 0x00
TC = 0x40
ARQC = 0x80

# What both versions compute over; 9F10 or the CVR in it follows
_INPUT = (0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37, 0x82, 0x9F36)
_NOT_YET = 2  # the second cryptogram has not been asked for
_KEY_INDEX = 1


@dataclass
class Verification:
    """What a card notes of the transaction for its issuer (card verification results)."""

    first: int | None = None
    second: int | None = None
    pin_performed: bool = False
    pin_failed: bool = False
    issuer_failed: bool = False
    unable_online: bool = False
    tries_left: int = 0

    @property
    def cryptograms(self) -> int:
        second = _NOT_YET if self.second is None else self.second >> 6
        return second << 6 | (self.first or 0) >> 6 << 4


class Visa18:
    VERSION = 0x12
    AUTHENTICATION_LENGTH = 8
    _APPROVED = bytes.fromhex("00800000")  # card status update: issuer approves
    _DECLINED = bytes(4)

    def __init__(self, scheme: Scheme, pan: str, sequence: str) -> None:
        self._version = _keyed(VisaCVN18, scheme, pan, sequence)

    def application_data(self, noted: Verification) -> bytes:
        """Tag 9F10: length, key index, version, then the results."""
        flags = noted.issuer_failed << 3 | noted.pin_performed << 2 | noted.pin_failed << 1 | noted.unable_online
        blocked = noted.pin_performed and noted.tries_left == 0
        return bytes((6, _KEY_INDEX, self.VERSION, 3, noted.cryptograms | flags, blocked << 6, 0))

    @staticmethod
    def pin_was_performed(application_data: bytes) -> bool:
        return bool(application_data[4] & 0x04)

    def cryptogram(self, data: dict[int, bytes]) -> bytes:
        return self._version.generate_ac(**_input(data), tag_9f10=data[0x9F10])

    def authentication(self, arqc: bytes, atc: bytes, response_code: str) -> bytes:
        """Tag 91: response cryptogram and card status update."""
        update = self._APPROVED if response_code in ("00", "10") else self._DECLINED
        return self._version.generate_arpc(arqc, atc, update) + update

    def is_authentic(self, arqc: bytes, atc: bytes, authentication: bytes) -> bool:
        update = authentication[4:]
        return self._version.generate_arpc(arqc, atc, update) == authentication[:4]


class MChip20:
    VERSION = 0x14
    AUTHENTICATION_LENGTH = 10
    _COUNTERS = bytes(8)

    def __init__(self, scheme: Scheme, pan: str, sequence: str) -> None:
        self._version = _keyed(MasterCardCVN20, scheme, pan, sequence)

    def application_data(self, noted: Verification) -> bytes:
        """Tag 9F10: key index, version, results of 6 bytes, data authentication code, counters."""
        good = noted.pin_performed and not noted.pin_failed
        results = bytes((noted.cryptograms | noted.pin_performed << 2 | good, 0, noted.tries_left & 0x0F, 0, 0, 0))
        return bytes((_KEY_INDEX, self.VERSION)) + results + bytes(2) + self._COUNTERS

    @staticmethod
    def pin_was_performed(application_data: bytes) -> bool:
        return bool(application_data[2] & 0x04)

    def cryptogram(self, data: dict[int, bytes]) -> bytes:
        return self._version.generate_ac(**_input(data), cvr=data[0x9F10][2:8])

    def authentication(self, arqc: bytes, atc: bytes, response_code: str) -> bytes:
        """Tag 91: response cryptogram and response code."""
        code = response_code.encode()
        return self._version.generate_arpc(arqc, atc, code) + code

    def is_authentic(self, arqc: bytes, atc: bytes, authentication: bytes) -> bool:
        return self._version.generate_arpc(arqc, atc, authentication[8:]) == authentication[:8]


def version_of(application_data: bytes) -> type[Visa18] | type[MChip20]:
    """Who made this 9F10. Raises ValueError for a version that none of our cards has."""
    if len(application_data) == 7 and application_data[2] == Visa18.VERSION:
        return Visa18
    if len(application_data) == 18 and application_data[1] == MChip20.VERSION:
        return MChip20
    raise ValueError("cryptogram version")


@cache
def _keyed(version: type[V], scheme: Scheme, pan: str, sequence: str) -> V:
    """With the card's keys, which are derived once: card and issuer ask for them at each transaction."""
    keys = scheme.master_keys
    return version(keys["cryptogram"], keys["integrity"], keys["confidentiality"], pan=pan, psn=sequence)


def _input(data: dict[int, bytes]) -> dict[str, bytes]:
    return {f"tag_{tag:x}": data[tag] for tag in _INPUT}
