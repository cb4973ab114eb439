"""Text, icons and boxes on the display's buffer: 16 greys, black ink on white paper unless told."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

import framebuf

from firmware.screens import font
from firmware.screens.font import ICONS, TEXT

if TYPE_CHECKING:
    from firmware.drivers.display import Display
    from firmware.drivers.storage import Storage

WIDTH = 240  # as firmware/drivers/display.py, which is not loaded on a reader
HEIGHT = 320

INK = 0
SOFT = 6
LINE = 12
MIST = 14
PAPER = 15
MARGIN = 16

BAND = 512  # bytes of a glyph that are fetched at a time


class Canvas:
    def __init__(self, display: Display, storage: Storage) -> None:
        self._display = display
        self._storage = storage
        self._frame = framebuf.FrameBuffer(display.buffer, WIDTH, HEIGHT, framebuf.GS4_HMSB)
        self._faces = font.load_faces(storage)
        self._band = bytearray(BAND)
        self._shades = bytearray(8)
        self._palette = framebuf.FrameBuffer(self._shades, 16, 1, framebuf.GS4_HMSB)

    def clear(self, shade: int = PAPER) -> None:
        self._frame.fill(shade)

    def show(self, prompt: str) -> None:
        self._display.show(prompt)

    def box(self, x: int, y: int, width: int, height: int, shade: int) -> None:
        self._frame.fill_rect(x, y, width, height, shade)

    def width(self, text: str, face: int = TEXT) -> int:
        return self._faces[face].width(text)

    def text(self, x: int, y: int, text: str, face: int = TEXT, ink: int = INK, paper: int = PAPER) -> None:
        """`y` is the top of the line. A character that the face lacks is drawn as a question mark."""
        self._mix(ink, paper)
        letters = self._faces[face]
        for character in text:
            if character not in " \u00a0":
                self._glyph(x, y, letters.position(character), paper)
            x += letters.advance(character)

    def centred(self, y: int, text: str, face: int = TEXT, ink: int = INK, paper: int = PAPER) -> None:
        self.text((WIDTH - self.width(text, face)) // 2, y, text, face, ink, paper)

    def right(self, x: int, y: int, text: str, face: int = TEXT, ink: int = INK, paper: int = PAPER) -> None:
        """Ends at `x`."""
        self.text(x - self.width(text, face), y, text, face, ink, paper)

    def paragraph(self, y: int, text: str, face: int = TEXT, ink: int = INK, paper: int = PAPER) -> int:
        """Centred lines, broken at spaces: the `y` below the last."""
        for line in self.lines(text, face, WIDTH - 2 * MARGIN):
            self.centred(y, line, face, ink, paper)
            y += self._faces[face].height
        return y

    def lines(self, text: str, face: int, width: int) -> list[str]:
        lines: list[str] = []
        for word in text.split(" "):
            longer = lines[-1] + " " + word if lines else word
            if lines and self.width(longer, face) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def icon(self, x: int, y: int, name: str, ink: int = INK, paper: int = PAPER) -> None:
        self._mix(ink, paper)
        self._glyph(x, y, self._faces[ICONS].position(name), paper)

    def centred_icon(self, y: int, name: str) -> None:
        self.icon((WIDTH - self._faces[ICONS].advance(name)) // 2, y, name)

    def _mix(self, ink: int, paper: int) -> None:
        for step in range(16):
            self._palette.pixel(step, 0, (paper * (15 - step) + ink * step + 7) // 15)

    def _glyph(self, x: int, y: int, position: int, paper: int) -> None:
        """In bands of rows, so that a large icon needs no large buffer."""
        self._storage.read_at(font.FILE, position, self._band)
        width, height, left, top = unpack_from("BBbb", self._band, 0)
        stride = (width + 1) // 2
        step = (BAND - font.HEAD) // stride
        for first in range(0, height, step):
            if first:
                self._storage.read_at(font.FILE, position + first * stride, self._band)
            rows = memoryview(self._band)[font.HEAD :]
            source = framebuf.FrameBuffer(rows, width, min(step, height - first), framebuf.GS4_HMSB)
            self._frame.blit(source, x + left, y + top + first, paper, self._palette)
