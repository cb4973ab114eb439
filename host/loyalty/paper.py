"""A4 in reportlab: text that always fits its box, codes to scan, and colours of the till.

Faces are embedded, as print shops ask; they know Western European: other Latin letters are set without their marks.
"""

from __future__ import annotations

from itertools import groupby
from unicodedata import normalize

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from host.loyalty.telling import typeset

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
INK, SOFT, LINE = HexColor("#15191d"), HexColor("#525b64"), HexColor("#dfe3e7")
ACCENT, PALE = HexColor("#1d4b5c"), HexColor("#e3edf0")
WHITE = white
PLAIN, BOLD = "Vera", "VeraBd"  # Bitstream Vera, which reportlab brings
_FACES = [TTFont(name, f"{name}.ttf") for name in (PLAIN, BOLD)]
for _face in _FACES:
    pdfmetrics.registerFont(_face)
KNOWN = frozenset(_FACES[0].face.charToGlyph)
BARE = str.maketrans({"đ": "d", "Đ": "D", "\u202f": "\u00a0"})  # what no mark explains
LEADING = 1.25
QUIET_ZONE = 4  # modules (ISO/IEC 18004)


def western(text: str) -> str:
    """In letters that the faces have; nothing breaks before what French keeps a space before."""
    return "".join(map(_letter, typeset(text).translate(BARE)))


def _letter(letter: str) -> str:
    return letter if ord(letter) in KNOWN else normalize("NFKD", letter)[0]


def wrap(text: str, name: str, size: float, width: float) -> list[str]:
    """Lines that are `width` at most; a word that is longer stands alone. No-break spaces hold."""
    lines: list[str] = []
    for word in western(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pdfmetrics.stringWidth(longer, name, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitting(text: str, name: str, sizes: tuple[float, float], width: float, most: int) -> tuple[float, list[str]]:
    """The largest size, from sizes[1] down to sizes[0], at which the text has `most` lines, each within `width`, and as
    long as each other; words that are too long even then are broken."""
    size, least = sizes[1], sizes[0]
    while size > least:
        lines = wrap(text, name, size, width)
        if len(lines) <= most and _longest(lines, name, size) <= width:
            return size, _balanced(text, name, size, len(lines))
        size -= 1
    lines = [piece for line in wrap(text, name, least, width) for piece in _broken(line, name, least, width)]
    return least, lines


def _longest(lines: list[str], name: str, size: float) -> float:
    return max(pdfmetrics.stringWidth(line, name, size) for line in lines)


def _balanced(text: str, name: str, size: float, count: int) -> list[str]:
    """So many lines, the longest as short as can be."""
    whole = int(pdfmetrics.stringWidth(western(text), name, size)) + 1
    candidates = (wrap(text, name, size, width) for width in range(whole // count, whole + 1, 2))
    return next((lines for lines in candidates if len(lines) <= count), wrap(text, name, size, whole))


def _broken(line: str, name: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for letter in line:
        if pieces[-1] and pdfmetrics.stringWidth(pieces[-1] + letter, name, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def lines_at(canvas: Canvas, lines: list[str], x: float, y: float, name: str, size: float, colour: Color) -> float:
    """`y` is where the first line's letters are tall to; gives that of what comes below."""
    canvas.setFillColor(colour)
    canvas.setFont(name, size)
    for line in lines:
        canvas.drawString(x, y - size * 0.8, line)
        y -= size * LEADING
    return y


def paragraph(
    canvas: Canvas, text: str, x: float, y: float, width: float, size: float, name: str = PLAIN, colour: Color = INK
) -> float:
    return lines_at(canvas, wrap(text, name, size, width), x, y, name, size, colour)


def code(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """A QR code on white, its lower left corner at (x, y), the quiet zone within `side`."""
    canvas.setFillColor(WHITE)
    canvas.roundRect(x, y, side, side, 3 * mm, stroke=0, fill=1)
    encoder = QRCode(None, QRErrorCorrectLevel.M)
    encoder.addData(address)
    encoder.make()
    module = side / (encoder.getModuleCount() + 2 * QUIET_ZONE)
    canvas.setFillColor(INK)
    for row, modules in enumerate(encoder.modules, start=1 + QUIET_ZONE):
        column = QUIET_ZONE
        for dark, together in groupby(modules):
            width = len(list(together))
            if dark:  # a run is one bar: between two there would be hairlines
                canvas.rect(x + column * module, y + side - row * module, width * module, module, stroke=0, fill=1)
            column += width
