"""The acquirer's contract with its merchant, made and signed with the TEST KEY of keys/acquirer.toml.

`python -m tools.simulators.contract VERSION [store_and_forward]` prints one in hex: what is signed, its signature.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tools.simulators.scheme import KEYS

CONTRACT: dict[str, Any] = {
    "version": 1,
    "id": "ZINC-TEST-1",
    "currency": 978,
    "completion_percent": 15,
    "preauthorisation_days": 30,
    "tips": True,
    "store_and_forward": {"allowed": False},
    "telecollection": {"time": "22:30", "zone": "Europe/Paris"},
}
OFFLINE = {"allowed": True, "amount_minor": 5000, "sum_minor": 30000, "count": 20, "age_hours": 24}


def contract(**terms: Any) -> bytes:
    """CBOR of CONTRACT with these terms in place of its own."""
    return cbor2.dumps(CONTRACT | terms, canonical=True)


def sign(content: bytes) -> bytes:
    """384 bytes, RSASSA-PKCS1-v1_5 with SHA-256."""
    return _key().sign(content, padding.PKCS1v15(), SHA256())


def modulus() -> bytes:
    """What the reader verifies with; the exponent is 65537."""
    return _key().public_key().public_numbers().n.to_bytes(384, "big")


@cache
def _key() -> rsa.RSAPrivateKey:
    table = tomllib.loads((KEYS / "acquirer.toml").read_text())["contract_key"]
    p, q, e = (int(table[name], 16) for name in ("p", "q", "e"))
    d = pow(e, -1, (p - 1) * (q - 1))
    parts = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *parts, rsa.RSAPublicNumbers(e, p * q)).private_key()


def main(arguments: list[str]) -> None:
    offline = {"store_and_forward": OFFLINE} if "store_and_forward" in arguments else {}
    content = contract(version=int(arguments[0]), **offline)
    print(content.hex())
    print(sign(content).hex())


if __name__ == "__main__":
    main(sys.argv[1:])
