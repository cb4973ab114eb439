"""A screen of 240 x 320 pixels, 4-bit grey, two pixels a byte, left pixel in the high nibble (GS4_HMSB)."""

from __future__ import annotations

from typing import Protocol

WIDTH = 240
HEIGHT = 320


class Display(Protocol):
    buffer: bytearray  # WIDTH * HEIGHT // 2 bytes; screens draw here

    def show(self, prompt: str) -> None:
        """Bring the buffer to the glass. `prompt` is the id of the signed catalogue (speech and tests use it)."""
        ...
