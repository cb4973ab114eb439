"""Screens of a tip: which one, another amount, and the total with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import LINE, MARGIN, MIST, PAPER, SOFT, WIDTH
from firmware.screens.font import SMALL, TEXT
from firmware.screens.frame import foot, head, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

ROW = 33  # height of a choice, the gap below it too


def choose(canvas: Canvas, words: Prompts, amount: str, rows: list[tuple[str, str]]) -> None:
    """`rows` of a label and an amount are on keys 1, 2, 3 and so on, at most five; OK is for none."""
    head(canvas, words, amount)
    canvas.centred(56, words["choose"])
    room = WIDTH - 2 * MARGIN - 60
    face = TEXT if max([canvas.width(label) + canvas.width(tip) for label, tip in rows]) <= room else SMALL
    y = 92
    for place, (label, tip) in enumerate(rows):
        canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, ROW - 3, LINE)
        canvas.box(MARGIN + 1, y + 1, WIDTH - 2 * MARGIN - 2, ROW - 5, PAPER)
        canvas.box(MARGIN + 1, y + 1, 28, ROW - 5, MIST)
        canvas.text(MARGIN + 10, y + 3, str(place + 1), TEXT, paper=MIST)
        canvas.text(MARGIN + 38, y + (3 if face == TEXT else 7), label, face)
        canvas.right(WIDTH - MARGIN - 10, y + (3 if face == TEXT else 7), tip, face)
        y += ROW
    foot(canvas, words, "xo", ok="none")
    canvas.show("choose_tip")


def enter(canvas: Canvas, words: Prompts, amount: str, tip: str, note: str) -> None:
    """`note` says what is wrong with it."""
    head(canvas, words, amount)
    canvas.centred(84, words["amount"])
    hero_amount(canvas, 128, tip)
    if note:
        canvas.paragraph(204, note)
    foot(canvas, words, "x<o")
    canvas.show("enter_tip")


def confirm(canvas: Canvas, words: Prompts, total: str, tip: str) -> None:
    canvas.clear()
    canvas.centred(56, words["to_pay"], TEXT, SOFT)
    hero_amount(canvas, 92, total)
    y = canvas.paragraph(156, words["included"].format(tip))
    canvas.paragraph(y + 8, words["confirm"], SMALL, SOFT)
    foot(canvas, words, "x<o")
    canvas.show("confirm_tip")
