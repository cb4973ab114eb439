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

HEAD = 4  # of a glyph; of a directory entry, what tells its length
UNKNOWN = "?"  # drawn for a character that the face lacks


class Face:
    """height: pixels from one line to the next."""

    def __init__(self, entry: bytearray) -> None:
        self.height, count, length, self._offset = unpack_from(">BBHI", entry, 0)
        names_end = 8 + length
        self._names = str(entry[8:names_end], "utf-8")
        self._advances = bytes(entry[names_end : names_end + count])
        self._positions = bytes(entry[names_end + count :])

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
    head = bytearray(HEAD)
    storage.read_at(FILE, 0, head)
    at = 3
    faces = []
    for _ in range(head[0]):
        storage.read_at(FILE, at, head)
        _, count, names_length = unpack_from(">BBH", head, 0)
        entry = bytearray(8 + names_length + 3 * count)
        storage.read_at(FILE, at, entry)
        faces.append(Face(entry))
        at += len(entry)
    return faces
