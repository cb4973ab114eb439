"""RSA without padding, as EMV signs (Book 2, annex B2.1): the recovery function's inverse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

EXPONENT = 3


@dataclass(frozen=True)
class RsaKey:
    p: int
    q: int

    @classmethod
    def from_table(cls, table: dict[str, str]) -> RsaKey:
        return cls(int(table["p"], 16), int(table["q"], 16))

    @cached_property
    def modulus(self) -> bytes:
        number = self.p * self.q
        return number.to_bytes((number.bit_length() + 7) // 8, "big")

    @property
    def length(self) -> int:
        """Bytes of the modulus, and of everything that this key signs."""
        return len(self.modulus)

    @cached_property
    def _parts(self) -> tuple[int, int, int]:
        return pow(EXPONENT, -1, self.p - 1), pow(EXPONENT, -1, self.q - 1), pow(self.q, -1, self.p)

    def sign(self, data: bytes) -> bytes:
        """`data` is as long as the modulus. By the Chinese remainder theorem: a quarter of the time."""
        if len(data) != self.length:
            raise ValueError("length")
        exponent_p, exponent_q, q_inverse = self._parts
        number = int.from_bytes(data, "big")
        left = pow(number % self.p, exponent_p, self.p)
        right = pow(number % self.q, exponent_q, self.q)
        return (right + self.q * (q_inverse * (left - right) % self.p)).to_bytes(self.length, "big")
