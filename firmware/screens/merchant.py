"""Screens while the merchant decides, or types the code that refunds ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import SOFT, WIDTH
from firmware.screens.font import SMALL, TEXT, TITLE
from firmware.screens.frame import foot, foot_line, head, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

CODE = 6  # digits


def ask(canvas: Canvas, words: Prompts, what: str, amount: str, card_inside: bool) -> None:
    """`what` is signature or partial_amount: the amount that would be paid, before it is."""
    canvas.clear()
    y = canvas.paragraph(40, words[what], TITLE)
    hero_amount(canvas, y + 12, amount)
    canvas.paragraph(y + 76, words[what + "_advice"], TEXT, SOFT)
    if card_inside:
        foot_line(canvas, words["remove_card"])
    else:
        foot(canvas, words, "x")
    canvas.show("ask_merchant")


def enter_code(canvas: Canvas, words: Prompts, amount: str, digits: int, wrong: bool) -> None:
    """Squares, and no dots: whoever looks on, and whoever types, sees that it is no card's PIN (attacks/P-09)."""
    head(canvas, words, amount)
    y = canvas.paragraph(70, words["code"], TITLE)
    pitch = 30
    x = (WIDTH - CODE * pitch) // 2 + 3
    for place in range(CODE):
        canvas.box(x + place * pitch, y + 12, 24, 24, 0 if place < digits else 12)
    canvas.paragraph(
        y + 52, words["code_wrong" if wrong else "code_advice"], TEXT if wrong else SMALL, 0 if wrong else SOFT
    )
    foot(canvas, words, "x<o")
    canvas.show("merchant_code")
