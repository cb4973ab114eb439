"""Reads what stands in large letters on the glass, by the shapes of the font."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from struct import unpack_from

from firmware.drivers.display import HEIGHT, WIDTH
from firmware.screens import font

_FONT = Path(__file__).parent.parent.parent.parent / "firmware" / "screens" / "generated" / "font.bin"
_READ = "0123456789,."
_FACES = (font.AMOUNT, font.TITLE)
Shape = tuple[bytes, ...]


def text_of(picture: bytes) -> str:
    """The digits and signs of its lines; "?" is for any other letter. `picture`: 4-bit pixels, 15 is paper."""
    lines = [_ink(picture[start : start + WIDTH // 2]) for start in range(0, WIDTH // 2 * HEIGHT, WIDTH // 2)]
    return " ".join("".join(_letters(band)) for band in _parts(lines))


def _ink(row: bytes) -> bytes:
    return bytes(15 - pixel for byte in row for pixel in (byte >> 4, byte & 15))


def _parts(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Between lines without ink."""
    for inked, part in groupby(lines, any):
        if inked:
            yield list(part)


def _letters(band: list[bytes]) -> Iterator[str]:
    columns = [bytes(column) for column in zip(*band, strict=True)]
    for part in _parts(columns):
        yield _known().get(_trimmed(part), "?")


def _trimmed(columns: list[bytes]) -> Shape:
    rows = [bytes(row) for row in zip(*columns, strict=True)]
    inked = [place for place, row in enumerate(rows) if any(row)]
    return tuple(rows[inked[0] : inked[-1] + 1])


@cache
def _known() -> dict[Shape, str]:
    faces = font.load_faces(_FontFile())  # pyright: ignore[reportArgumentType]
    return {_shape(faces[face].position(letter)): letter for face in _FACES for letter in _READ}


def _shape(position: int) -> Shape:
    content = _FONT.read_bytes()
    width, height, _, _ = unpack_from("BBbb", content, position)
    stride, start = (width + 1) // 2, position + font.HEAD
    rows = [content[start + row * stride : start + (row + 1) * stride] for row in range(height)]
    pixels = [bytes(pixel for byte in row for pixel in (byte >> 4, byte & 15))[:width] for row in rows]
    columns = [bytes(column) for column in zip(*pixels, strict=True)]
    return _trimmed([column for column in columns if any(column)])


class _FontFile:
    def read_at(self, _name: str, offset: int, buffer: bytearray) -> int:
        piece = _FONT.read_bytes()[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)
