"""The letters and icons of font.bin, which stays in storage: glyphs are drawn from there and cost no heap.

faces u8 | directory length u16 | directory | glyphs
directory, for each face: height u8, glyphs u8, length of names u16, offset u32,
                          names (UTF-8, one character for each glyph), advances u8 each, positions u16 each
glyph: width u8, height u8, left i8, top i8, rows of 4-bit pixels (0 paper, 15 ink), left pixel in the high nibble
"""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware.drivers.storage import Storage

FILE = "font.bin"
SMALL, TEXT, TITLE, AMOUNT, ICONS = range(5)

HEAD = 4  # of a glyph
UNKNOWN = "?"  # drawn for a character that the face lacks


class Face:
    """height: pixels from one line to the next."""

    def __init__(self, entry: bytes, start: int) -> None:
        self.height, count, length, self._offset = unpack_from(">BBHI", entry, start)
        names_end = start + 8 + length
        self._names = str(entry[start + 8 : names_end], "utf-8")
        self._advances = bytes(entry[names_end : names_end + count])
        self._positions = bytes(entry[names_end + count : names_end + 3 * count])
        self.end = names_end + 3 * count

    def advance(self, character: str) -> int:
        return self._advances[self._index(character)]

    def position(self, character: str) -> int:
        """Of the glyph in the file."""
        return self._offset + unpack_from(">H", self._positions, 2 * self._index(character))[0]

    def width(self, text: str) -> int:
        return sum([self.advance(character) for character in text])

    def _index(self, character: str) -> int:
        index = self._names.find(character)
        return index if index >= 0 else max(self._names.find(UNKNOWN), 0)


def load_faces(storage: Storage) -> list[Face]:
    """Raises OSError when the board brings no font.bin."""
    head = bytearray(3)
    storage.read_at(FILE, 0, head)
    count, length = unpack_from(">BH", head, 0)
    directory = bytearray(length)
    storage.read_at(FILE, 0, directory)
    faces = []
    start = 3
    for _ in range(count):
        faces.append(Face(directory, start))
        start = faces[-1].end
    return faces
