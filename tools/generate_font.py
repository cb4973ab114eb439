"""Rasterise the reader's font and icons into firmware/screens/generated/font.bin; `--check` compares instead.

The letters are Roboto (SIL Open Font License 1.1), in the variable file that the locked nicegui package ships; Pillow
and its FreeType are locked too, so the bytes are the same everywhere. The layout is told in firmware/screens/font.py.
"""

from __future__ import annotations

import importlib.util
import re
import struct
import sys
from pathlib import Path

from PIL import Image, ImageFont

from tools.generated import keep
from tools.reader_icons import ICONS, draw

TARGET = Path(__file__).parent.parent / "firmware" / "screens" / "generated" / "font.bin"

ASCII = "".join(map(chr, range(0x20, 0x7F)))
LETTERS = ASCII + "€·•…’«»¡¿ßàáâäçèéêëìíîïñòóôöùúûüœÀÁÂÄÇÈÉÊËÍÎÏÑÓÔÖÙÚÛÜŒ\u00a0"
AMOUNT = "0123456789,. €£$CHFZinc\u00a0"

# face: (pixels, weight, characters)
FACES = ((15, 450, LETTERS), (20, 450, LETTERS), (26, 700, LETTERS), (46, 700, AMOUNT))


def roboto() -> Path:
    """The file of the family's latin letters, found by what the package's style sheet says of it."""
    spec = importlib.util.find_spec("nicegui")
    assert spec is not None and spec.origin is not None
    static = Path(spec.origin).parent / "static"
    blocks = (static / "fonts.css").read_text().split("@font-face")
    latin = next(b for b in blocks if '"Roboto"' in b and "U+0000-00FF" in b)
    match = re.search(r"url\((fonts/\w+\.woff2)\)", latin)
    assert match is not None
    return static / match.group(1)


def packed(image: Image.Image) -> bytes:
    """Rows of 4-bit pixels, the left one in the high nibble; 0 is paper, 15 is ink."""
    width, height = image.size
    pixels = list(image.tobytes())
    rows = bytearray()
    for y in range(height):
        row = [round(p / 17) for p in pixels[y * width : (y + 1) * width]] + [0]
        rows += bytes(row[x] << 4 | row[x + 1] for x in range(0, width, 2))
    return bytes(rows)


def glyph(font: ImageFont.FreeTypeFont, character: str, ascent: int) -> tuple[int, bytes]:
    """Advance, and the slot: width, height, left, top, bitmap."""
    left, top, right, bottom = font.getbbox(character, anchor="ls")
    width, height = int(right - left), int(bottom - top)
    image = Image.new("L", (max(width, 1), max(height, 1)))
    if character.strip() and width and height:
        mask, (x, y) = font.getmask2(character, "L", anchor="ls")
        image = Image.frombytes("L", mask.size, bytes(mask))  # pyright: ignore[reportArgumentType] an image core is a sequence of its pixels
        left, top = x, y
    bitmap = packed(image)
    head = struct.pack("BBbb", image.width, image.height, int(left), int(ascent + top))
    return round(font.getlength(character)), head + bitmap


def letters(size: int, weight: int, characters: str) -> tuple[int, list[tuple[int, bytes]]]:
    font = ImageFont.truetype(roboto(), size)
    font.set_variation_by_axes([weight])
    ascent, descent = font.getmetrics()
    return ascent + descent, [glyph(font, c, ascent) for c in characters]


def icon(size: int, drawing: object) -> tuple[int, bytes]:
    image = draw(size, drawing)  # type: ignore[arg-type]
    return size, struct.pack("BBbb", size, size, 0, 0) + packed(image.point(lambda p: 255 - p))


def face(height: int, characters: str, glyphs: list[tuple[int, bytes]], offset: int) -> tuple[bytes, bytes]:
    """(directory entry, glyphs)"""
    names = characters.encode()
    data, positions = b"", b""
    for _, slot in glyphs:
        positions += struct.pack(">H", len(data))
        data += slot
    advances = bytes(advance for advance, _ in glyphs)
    return struct.pack(">BBHI", height, len(glyphs), len(names), offset) + names + advances + positions, data


def generate() -> bytes:
    rows = [(characters, *letters(size, weight, characters)) for size, weight, characters in FACES]
    rows.append(("".join(ICONS), 0, [icon(*ICONS[c]) for c in ICONS]))
    directory_size = 3 + sum(8 + len(c.encode()) + 3 * len(c) for c, _, _ in rows)
    directory, data = struct.pack(">BH", len(rows), directory_size), b""
    for characters, height, glyphs in rows:
        entry, slots = face(height, characters, glyphs, directory_size + len(data))
        directory += entry
        data += slots
    return directory + data


def main() -> int:
    return keep({TARGET: generate()}, "python -m tools.generate_font")


if __name__ == "__main__":
    sys.exit(main())
