"""RSA without padding, as EMV signs (Book 2, annex B2.1): the recovery function's inverse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

EXPONENT = 3  # where a key does not say otherwise


@dataclass(frozen=True)
class RsaKey:
    p: int
    q: int
    e: int = EXPONENT

    @classmethod
    def from_table(cls, table: dict[str, str]) -> RsaKey:
        return cls(int(table["p"], 16), int(table["q"], 16), int(table.get("e", "3"), 16))

    @cached_property
    def modulus(self) -> bytes:
        number = self.p * self.q
        return number.to_bytes((number.bit_length() + 7) // 8, "big")

    @property
    def exponent(self) -> bytes:
        return self.e.to_bytes(1 if self.e < 0x100 else 3, "big")

    @property
    def length(self) -> int:
        """Bytes of the modulus, and of everything that this key signs."""
        return len(self.modulus)

    @cached_property
    def _parts(self) -> tuple[int, int, int]:
        return pow(self.e, -1, self.p - 1), pow(self.e, -1, self.q - 1), pow(self.q, -1, self.p)

    def sign(self, data: bytes) -> bytes:
        """With the private key; it deciphers a PIN, too. `data` is as long as the modulus.

        By the Chinese remainder theorem: a quarter of the time.
        """
        if len(data) != self.length:
            raise ValueError("length")
        exponent_p, exponent_q, q_inverse = self._parts
        number = int.from_bytes(data, "big")
        left = pow(number % self.p, exponent_p, self.p)
        right = pow(number % self.q, exponent_q, self.q)
        return (right + self.q * (q_inverse * (left - right) % self.p)).to_bytes(self.length, "big")
