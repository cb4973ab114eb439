"""The simulated card schemes: certification authority, issuer and card certificates, signatures (EMV Book 2, 5 and 6).

All keys are TEST KEYS of keys/*.toml, made for the project; everything signed with them is computed, not recorded.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from pathlib import Path

from tools.simulators.rsa import RsaKey

KEYS = Path(__file__).parent / "keys"
SCHEMES = ("visa", "mastercard", "cb")

_SHA1_RSA = b"\x01\x01"
_CERTIFICATES_EXPIRE = b"\x12\x49"  # MMYY
_ISSUER_SERIAL = b"\x00\x00\x01"
_CARD_SERIAL = b"\x00\x00\x02"
_DATA_AUTHENTICATION_CODE = b"\xda\xc0"


@dataclass(frozen=True)
class CaPublicKey:
    rid: bytes
    index: int
    modulus: bytes
    exponent: bytes

    @property
    def checksum(self) -> bytes:
        """SHA-1 over the other fields (Book 2, table 9)."""
        return sha1(self.rid + bytes((self.index,)) + self.modulus + self.exponent).digest()


@dataclass(frozen=True, eq=False)  # by identity: certificates are cached by their scheme
class Scheme:
    rid: bytes
    index: int
    ca: RsaKey
    issuer: RsaKey
    master_keys: dict[str, bytes]  # cryptogram, integrity, confidentiality

    @property
    def ca_public_key(self) -> CaPublicKey:
        return CaPublicKey(self.rid, self.index, self.ca.modulus, self.ca.exponent)


@cache
def schemes() -> tuple[Scheme, ...]:
    return tuple(_load(KEYS / f"{name}.toml") for name in SCHEMES)


@cache
def longest() -> Scheme:
    """Keys as long as EMV allows, 1984 bits, and exponent 65537 all the way down: for tests, in no reader."""
    return _load(KEYS / "longest.toml")


def of_application(aid: bytes) -> Scheme:
    """The scheme whose RID the application carries."""
    return next(scheme for scheme in (*schemes(), longest()) if scheme.rid == aid[:5])


def _load(path: Path) -> Scheme:
    table = tomllib.loads(path.read_text())
    return Scheme(
        rid=bytes.fromhex(table["rid"]),
        index=int(table["index"], 16),
        ca=RsaKey.from_table(table["ca"]),
        issuer=RsaKey.from_table(table["issuer"]),
        master_keys={name: bytes.fromhex(key) for name, key in table["master_keys"].items()},
    )


@cache
def issuer_certificate(scheme: Scheme, pan: str) -> dict[int, bytes]:
    """Tags 8F, 90, 92 where the key does not fit, 9F32 (Book 2, 5.1, table 2)."""
    identifier = bytes.fromhex(pan[:8])
    start = b"\x02" + identifier + _CERTIFICATES_EXPIRE + _ISSUER_SERIAL
    certificate, remainder = _certificate(scheme.ca, start, scheme.issuer, b"")
    tags = {0x8F: bytes((scheme.index,)), 0x90: certificate, 0x9F32: scheme.issuer.exponent}
    return tags | ({0x92: remainder} if remainder else {})


@cache
def card_certificate(
    scheme: Scheme,
    card: RsaKey,
    pan: str,
    static_data: bytes,
    tags: tuple[int, int, int] = (0x9F46, 0x9F47, 0x9F48),
) -> dict[int, bytes]:
    """Certificate, exponent, and remainder where the key does not fit (Book 2, 6.1, table 11)."""
    start = b"\x04" + bytes.fromhex(pan.ljust(20, "F")) + _CERTIFICATES_EXPIRE + _CARD_SERIAL
    certificate, remainder = _certificate(scheme.issuer, start, card, static_data)
    objects = {tags[0]: certificate, tags[1]: card.exponent}
    return objects | ({tags[2]: remainder} if remainder else {})


def pin_certificate(scheme: Scheme, key: RsaKey, pan: str) -> dict[int, bytes]:
    """Of a key that only enciphers PINs: it signs no static data (Book 2, 7.1, table 21)."""
    return card_certificate(scheme, key, pan, b"", (0x9F2D, 0x9F2E, 0x9F2F))


@cache
def static_signature(scheme: Scheme, static_data: bytes) -> bytes:
    """Tag 93 (Book 2, 5.1, table 3)."""
    start = b"\x03\x01" + _DATA_AUTHENTICATION_CODE
    return _signed(scheme.issuer, start.ljust(scheme.issuer.length - 22, b"\xbb"), static_data)


def dynamic_signature(card: RsaKey, dynamic_data: bytes, terminal_data: bytes) -> bytes:
    """Tag 9F4B (Book 2, 6.5.1, table 17; 6.6.1, table 20). `dynamic_data` begins with the ICC dynamic number."""
    start = b"\x05\x01" + bytes((len(dynamic_data),)) + dynamic_data
    return _signed(card, start.ljust(card.length - 22, b"\xbb"), terminal_data)


def _certificate(signer: RsaKey, start: bytes, key: RsaKey, more: bytes) -> tuple[bytes, bytes]:
    """(certificate, what of the modulus is left over)."""
    start += _SHA1_RSA + bytes((key.length, len(key.exponent)))
    room = signer.length - 22 - len(start)
    remainder = key.modulus[room:]
    content = start + key.modulus[:room].ljust(room, b"\xbb")
    return _signed(signer, content, remainder + key.exponent + more), remainder


def _signed(signer: RsaKey, content: bytes, more: bytes) -> bytes:
    return signer.sign(b"\x6a" + content + sha1(content + more).digest() + b"\xbc")
