"""What became of the last payment: for the merchant, and for a cardholder who still stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import SOFT
from firmware.screens.font import SMALL, TITLE
from firmware.screens.frame import hero_amount
from firmware.screens.telling import ENDS

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts


def recall(canvas: Canvas, words: Prompts, end: str, amount: str, notes: list[str]) -> None:
    """`end` is a key of ENDS; `notes` are prompts, the first the more important."""
    canvas.clear()
    canvas.centred(8, words["last_payment"], SMALL, SOFT)
    canvas.centred_icon(28, ENDS[end])
    y = canvas.paragraph(122, words[end], TITLE)
    if amount:
        hero_amount(canvas, y, amount)
        y += 56
    for note in notes:
        y = canvas.paragraph(y + 4, words[note], SMALL, SOFT)
    canvas.show(end)
