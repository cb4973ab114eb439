"""MicroPython's `framebuf`, for whoever reads screens by the letters that are fetched for them: draws nothing."""

from __future__ import annotations

GS4_HMSB = 2


class FrameBuffer:
    def __init__(self, *_: object) -> None:
        """Of any size and format."""

    def fill(self, *_: object) -> None: ...

    fill_rect = pixel = blit = fill
