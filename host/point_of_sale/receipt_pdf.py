"""A receipt as PDF, one page as wide as the roll (80 mm) and as long as its text."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from host.money import NARROW_NO_BREAK, NO_BREAK
from host.point_of_sale.receipts import Receipt, Row, Style

WIDTH = 80 * mm
MARGIN = 6 * mm
INNER = WIDTH - 2 * MARGIN
GAP = 8  # points between left and right, at least
COLUMN_ENDS = (0.0, 0.46, 0.71, 1.0)  # of the inner width; the first column is set from the left

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
# style: font, size, height of a line; all in points
TYPE: dict[Style, tuple[str, float, float]] = {
    "title": (BOLD, 14, 19),
    "center": (REGULAR, 8.5, 11.5),
    "strong": (BOLD, 11, 20),
    "banner": (BOLD, 10, 22),
    "pair": (REGULAR, 8.5, 12),
    "total": (BOLD, 11, 18),
    "columns": (REGULAR, 7.5, 10.5),
    "rule": (REGULAR, 8, 10),
    "small": (REGULAR, 7, 9.5),
    "detail": (REGULAR, 7, 9.5),
    "signature": (REGULAR, 8, 52),
}


def as_pdf(receipt: Receipt) -> bytes:
    rows = [part for row in receipt.rows for part in _broken(row)]
    height = 2 * MARGIN + sum(TYPE[row.style][2] for row in rows)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, height), invariant=1)
    canvas.setTitle(receipt.name)
    top = height - MARGIN
    for row in rows:
        _draw(canvas, row, top)
        top -= TYPE[row.style][2]
    canvas.save()
    return buffer.getvalue()


def _broken(row: Row) -> list[Row]:
    """A row as the rows it fills: words that do not fit go to the next one."""
    if row.style in ("rule", "columns", "signature"):
        return [row]
    font, size, _ = TYPE[row.style]
    left, *right = row.cells
    room = INNER - (stringWidth(_printable(right[0]), font, size) + GAP if right else 0)
    lines: list[str] = []
    for word in left.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(_printable(joined), font, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    above = [Row(row.style, (line, *("" for _ in right))) for line in lines[:-1]]
    return [*above, Row(row.style, (lines[-1], *right))]


def _draw(canvas: Canvas, row: Row, top: float) -> None:
    font, size, height = TYPE[row.style]
    baseline = top - (height + size * 0.7) / 2  # capitals stand in the middle of their line
    canvas.setFont(font, size)
    cells = [_printable(cell) for cell in row.cells]
    if row.style == "rule":
        _rule(canvas, top - height / 2)
    elif row.style in ("pair", "total"):
        canvas.drawString(MARGIN, baseline, cells[0])
        canvas.drawRightString(WIDTH - MARGIN, baseline, cells[1])
    elif row.style == "columns":
        _columns(canvas, cells, baseline)
    elif row.style == "banner":
        _banner(canvas, cells[0], top, height, baseline)
    elif row.style == "signature":
        canvas.drawString(MARGIN, top - 12, cells[0])
        canvas.rect(MARGIN, top - height + 4, INNER, height - 20, stroke=1, fill=0)
    elif row.style == "detail":
        canvas.drawString(MARGIN + 6, baseline + 1.5, cells[0])
    else:
        canvas.drawCentredString(WIDTH / 2, baseline, cells[0])


def _rule(canvas: Canvas, height: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.setDash(1, 2)
    canvas.line(MARGIN, height, WIDTH - MARGIN, height)
    canvas.setDash()


def _columns(canvas: Canvas, cells: list[str], baseline: float) -> None:
    canvas.drawString(MARGIN, baseline, cells[0])
    for text, end in zip(cells[1:], COLUMN_ENDS[1:], strict=True):
        canvas.drawRightString(MARGIN + end * INNER, baseline, text)


def _banner(canvas: Canvas, text: str, top: float, height: float, baseline: float) -> None:
    """White on black, so that nobody takes the sheet for an original or for a proof of payment."""
    canvas.setFillGray(0)
    canvas.rect(MARGIN, top - height + 4, INNER, height - 6, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.drawCentredString(WIDTH / 2, baseline, text)
    canvas.setFillGray(0)


def _printable(text: str) -> str:
    """Helvetica has no narrow space."""
    return text.replace(NARROW_NO_BREAK, NO_BREAK)
