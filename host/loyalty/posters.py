"""What hangs in the shop, as PDF, made from the programme in force (services/L-2, L-4).

A poster for the window, one for the till, and the notice on personal data with the conditions.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from host.loyalty import documents, telling
from host.loyalty import paper as p
from host.loyalty.documents import Document, Section, Shop
from host.loyalty.model import Programme, Reward
from host.loyalty.print_words import TEXTS
from host.web.words import in_language

INNER = p.WIDTH - 2 * p.MARGIN
COLUMN = 54 * mm
SMALLEST = 10
SHOWN = 3  # rewards: what can be read in passing
BODY, HEAD = 11.5, 14
CODE = 40 * mm
FOOT = p.MARGIN + CODE + 10 * mm


def window(programme: Programme, shop: Shop, language: str) -> bytes:
    """Read from the street: what there is to gain, and that one joins inside."""
    canvas, written = _sheet(f"{programme.name} – {shop.name}", language)
    words = in_language(TEXTS, language)
    bottom = _title(Canvas(io.BytesIO(), p.A4), programme, shop, words["invite"]) - 16 * mm
    _band(canvas, bottom)
    _title(canvas, programme, shop, words["invite"])
    _rewards(canvas, programme, language, bottom - 16 * mm, 40)
    _foot(canvas, shop, words, programme, language)
    return _closed(canvas, written)


def till(programme: Programme, shop: Shop, language: str) -> bytes:
    """Read while one waits to pay: how it is done, in three steps."""
    canvas, written = _sheet(f"{programme.name} – {shop.name}", language)
    words = in_language(TEXTS, language)
    bottom = _head(Canvas(io.BytesIO(), p.A4), programme, shop) - 10 * mm
    _band(canvas, bottom)
    _head(canvas, programme, shop)
    y = _heading(canvas, words["join"], bottom - 12 * mm)
    for number, step in enumerate(("step_pay", "step_type", "step_confirm"), start=1):
        y = _step(canvas, number, words[step], y)
    y = _heading(canvas, words["rewards"], y - 6 * mm)
    _rewards(canvas, programme, language, y, 24)
    _foot(canvas, shop, words, programme, language)
    return _closed(canvas, written)


def notice(programme: Programme | None, shop: Shop, language: str) -> bytes:
    """On personal data, and the conditions, which have to be at hand in the shop."""
    found = [documents.notice(shop, language)]
    found += [documents.conditions(programme, shop, language)] if programme else []
    canvas, written = _sheet(f"{found[0].title} – {shop.name}", language)
    for document in found:
        _pages(canvas, document, shop)
    canvas.save()
    return written.getvalue()


def _sheet(title: str, language: str) -> tuple[Canvas, io.BytesIO]:
    """`invariant`: the same programme gives the same file."""
    written = io.BytesIO()
    face: Any = p.PLAIN  # its stub takes a number
    canvas = Canvas(written, p.A4, invariant=1, lang=language, initialFontName=face)
    canvas.setTitle(title)
    return canvas, written


def _closed(canvas: Canvas, written: io.BytesIO) -> bytes:
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _band(canvas: Canvas, bottom: float) -> None:
    canvas.setFillColor(p.ACCENT)
    canvas.rect(0, bottom, p.WIDTH, p.HEIGHT - bottom, stroke=0, fill=1)


def _head(canvas: Canvas, programme: Programme, shop: Shop) -> float:
    y = _line(canvas, shop.name, p.HEIGHT - p.MARGIN, (12, 17), p.WHITE)
    return _line(canvas, programme.name, y - 6 * mm, (22, 50), p.WHITE, p.BOLD, most=2)


def _title(canvas: Canvas, programme: Programme, shop: Shop, invite: str) -> float:
    y = _line(canvas, shop.name, p.HEIGHT - p.MARGIN, (14, 22), p.WHITE)
    y = _line(canvas, programme.name, y - 16 * mm, (24, 72), p.WHITE, p.BOLD, most=3)
    return _line(canvas, invite, y - 4 * mm, (18, 28), p.PALE)


def _line(
    canvas: Canvas, text: str, y: float, sizes: tuple[float, float], colour: p.Color, name: str = p.PLAIN, most: int = 1
) -> float:
    size, lines = p.fitting(text, name, sizes, INNER, most)
    return p.lines_at(canvas, lines, p.MARGIN, y, name, size, colour)


def _heading(canvas: Canvas, text: str, y: float) -> float:
    return p.paragraph(canvas, text, p.MARGIN, y, INNER, 22, p.BOLD, p.ACCENT) - 4 * mm


def _rewards(canvas: Canvas, programme: Programme, language: str, y: float, largest: float) -> None:
    """The cheapest first, in the largest letters with which all stay above the foot."""
    chosen = sorted(programme.rewards, key=lambda reward: reward.threshold)[:SHOWN]
    size = largest
    while size > SMALLEST and _listed(Canvas(io.BytesIO(), p.A4), chosen, language, y, size) < FOOT + 4 * mm:
        size -= 1
    _listed(canvas, chosen, language, y, size)


def _listed(canvas: Canvas, rewards: Sequence[Reward], language: str, y: float, largest: float) -> float:
    """What it takes left, what it gives right; gives what is left below."""
    for reward in rewards:
        price = telling.threshold(reward, language)
        price_size, price_lines = p.fitting(price, p.BOLD, (9, largest * 0.7), COLUMN - 6 * mm, 1)
        size, lines = p.fitting(reward.label, p.BOLD, (SMALLEST, largest), INNER - COLUMN, 2)
        p.lines_at(canvas, price_lines, p.MARGIN, y - (size - price_size) * 0.8, p.BOLD, price_size, p.ACCENT)
        y = p.lines_at(canvas, lines, p.MARGIN + COLUMN, y, p.BOLD, size, p.INK)
        more = telling.beyond_label(reward, language)
        if more:
            y = p.paragraph(canvas, more, p.MARGIN + COLUMN, y, INNER - COLUMN, max(11, largest * 0.5), colour=p.SOFT)
        y -= largest * 0.45
    return y


def _step(canvas: Canvas, number: int, text: str, y: float) -> float:
    disc = 6.5 * mm
    canvas.setFillColor(p.ACCENT)
    canvas.circle(p.MARGIN + disc, y - disc, disc, stroke=0, fill=1)
    canvas.setFillColor(p.WHITE)
    canvas.setFont(p.BOLD, 20)
    canvas.drawCentredString(p.MARGIN + disc, y - disc - 7, str(number))
    x = p.MARGIN + 2 * disc + 6 * mm
    size, lines = p.fitting(text, p.PLAIN, (14, 21), p.WIDTH - p.MARGIN - x, 2)
    below = p.lines_at(canvas, lines, x, y - disc + size * 0.4 + (len(lines) - 1) * size * 0.6, p.PLAIN, size, p.INK)
    return min(below, y - 2 * disc) - 5 * mm


def _foot(canvas: Canvas, shop: Shop, words: dict[str, str], programme: Programme, language: str) -> None:
    """What is earned, what reassures (services/L-14), and a code that leads to the conditions."""
    canvas.setFillColor(p.PALE)
    canvas.rect(0, 0, p.WIDTH, FOOT, stroke=0, fill=1)
    p.code(canvas, shop.conditions_page, p.WIDTH - p.MARGIN - CODE, p.MARGIN - 3 * mm, CODE)
    width, y = INNER - CODE - 10 * mm, p.MARGIN + CODE - 3 * mm
    earning = telling.earning(programme.earnings[0], language) if programme.earnings else programme.name
    size, lines = p.fitting(earning, p.BOLD, (11, 24), width, 2)
    y = p.lines_at(canvas, lines, p.MARGIN, y, p.BOLD, size, p.ACCENT) - 2 * mm
    y = p.paragraph(canvas, words["reassure"], p.MARGIN, y, width, 12)
    p.paragraph(canvas, words["scan"], p.MARGIN, y - 1.5 * mm, width, 10, colour=p.SOFT)


def _pages(canvas: Canvas, document: Document, shop: Shop) -> None:
    """Text below a head, with the code on its first page; as many pages as it takes."""
    side = 30 * mm
    p.code(canvas, shop.conditions_page, p.WIDTH - p.MARGIN - side, p.HEIGHT - p.MARGIN - side, side)
    y = p.paragraph(canvas, document.title, p.MARGIN, p.HEIGHT - p.MARGIN, INNER - side, 24, p.BOLD, p.ACCENT)
    y = p.paragraph(canvas, document.subtitle, p.MARGIN, y - 2 * mm, INNER - side - 6 * mm, 12, colour=p.SOFT)
    y = min(y - 6 * mm, p.HEIGHT - p.MARGIN - side - 6 * mm)
    for section in document.sections:
        if y - _height(section) < p.MARGIN:
            canvas.showPage()
            y = p.HEIGHT - p.MARGIN
        y = _section(canvas, section, y)
    canvas.showPage()


def _height(section: Section) -> float:
    rows = [(section.text, INNER), *((point, INNER - 5 * mm) for point in section.points)]
    lines = sum(len(p.wrap(text, p.PLAIN, BODY, width)) for text, width in rows)
    return HEAD * p.LEADING + 1.5 * mm + lines * BODY * p.LEADING + 5 * mm


def _section(canvas: Canvas, section: Section, y: float) -> float:
    y = p.paragraph(canvas, section.title, p.MARGIN, y, INNER, HEAD, p.BOLD) - 1.5 * mm
    for point in section.points:
        canvas.setFillColor(p.ACCENT)
        canvas.circle(p.MARGIN + 1.2 * mm, y - BODY * 0.5, 0.8 * mm, stroke=0, fill=1)
        y = p.paragraph(canvas, point, p.MARGIN + 5 * mm, y, INNER - 5 * mm, BODY)
    return p.paragraph(canvas, section.text, p.MARGIN, y, INNER, BODY) - 5 * mm
