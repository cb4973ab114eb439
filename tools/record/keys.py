"""TEST KEYS of any length, the same at every run: a recording keeps the lengths of the card's certificates.

They are made of a published text, so that nobody can take them for secret.
"""

from __future__ import annotations

from functools import cache
from hashlib import shake_256
from math import gcd, prod

from tools.simulators.rsa import RsaKey

SEED = b"Zinc test keys, public by intent: "
ROUNDS = 24  # of Miller and Rabin
SMALL = [number for number in range(3, 2000, 2) if all(number % other for other in range(3, number, 2))]


@cache
def key(name: str, length: int, exponent: int) -> RsaKey:
    """`length` in bytes of the modulus; its highest bit is set."""
    return RsaKey(
        _prime(f"{name} p {length} {exponent}", length * 4, exponent),
        _prime(f"{name} q {length} {exponent}", length * 4, exponent),
        exponent,
    )


def _prime(name: str, bits: int, exponent: int) -> int:
    stream = int.from_bytes(shake_256(SEED + name.encode()).digest(bits // 8), "big")
    number = stream | 3 << bits - 2 | 1  # two high bits: the product of two is as long as it should be
    while gcd(number - 1, exponent) != 1 or not _is_prime(number):
        number += 2
    return number


def _is_prime(number: int) -> bool:
    if gcd(number, prod(SMALL)) != 1:
        return False
    odd, halvings = number - 1, 0
    while odd % 2 == 0:
        odd, halvings = odd // 2, halvings + 1
    return all(_passes(number, base, odd, halvings) for base in SMALL[:ROUNDS])


def _passes(number: int, base: int, odd: int, halvings: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(halvings - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
