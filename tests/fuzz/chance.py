"""Chance that is the same for a seed on either runtime: xorshift32 (Marsaglia 2003). Nothing to do with security."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    T = TypeVar("T")


class Chance:
    def __init__(self, seed: int) -> None:
        self._state = (seed * 2654435761 ^ 0x5A494E43) & 0xFFFFFFFF or 1
        for _ in range(4):  # seeds beside each other go apart
            self._draw()

    def _draw(self) -> int:
        state = self._state
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        self._state = state
        return state

    def below(self, end: int) -> int:
        return self._draw() % end

    def between(self, least: int, most: int) -> int:
        return least + self._draw() % (most - least + 1)

    def once_in(self, times: int) -> bool:
        return self._draw() % times == 0

    def choice(self, items: Sequence[T]) -> T:
        return items[self._draw() % len(items)]

    def bytes(self, length: int) -> bytes:
        return bytes([self._draw() >> 8 & 0xFF for _ in range(length)])
