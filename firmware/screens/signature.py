"""Screens of a card that signs: what it is asked to sign, what it answered, or why it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens import telling
from firmware.screens.canvas import SOFT
from firmware.screens.font import TEXT, TITLE
from firmware.screens.frame import foot, foot_line, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts


def confirm(canvas: Canvas, words: Prompts, challenge: str, amount: str) -> None:
    """OK before anything else: nobody types a PIN for what was not seen."""
    canvas.clear()
    canvas.centred(24, words["to_pay"], TEXT, SOFT)
    hero_amount(canvas, 60, challenge)
    if amount:
        canvas.centred(120, amount, TITLE)
    canvas.paragraph(176, words["sign_advice"])
    foot(canvas, words, "xo")
    canvas.show("confirm_signature")


def response(canvas: Canvas, words: Prompts, digits: str, card_inside: bool) -> None:
    canvas.clear()
    canvas.centred(60, words["response"], TEXT, SOFT)
    hero_amount(canvas, 100, digits)
    canvas.paragraph(176, words["response_advice"])
    if card_inside:
        foot_line(canvas, words["remove_card"])
    canvas.show("signed")


def refused(canvas: Canvas, words: Prompts, end: str, note: str, card_inside: bool) -> None:
    """`end` and `note` (a prompt, or "-") as in firmware/flows/reasons.py."""
    telling.ended(canvas, words, end, "", [] if note == "-" else [note], card_inside)
