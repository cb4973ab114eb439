"""Where randomness comes from. A later issue adds its keys and counter (terminal/T-D8)."""

from __future__ import annotations

from typing import Protocol


class SecureElement(Protocol):
    def random(self, length: int) -> bytes:
        """`length` unpredictable bytes."""
        ...
