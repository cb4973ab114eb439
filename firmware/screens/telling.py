"""Screens that wait for nobody: idle, a moment's patience, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import SOFT, WIDTH
from firmware.screens.font import AMOUNT, SMALL, TEXT, TITLE
from firmware.screens.frame import foot_line, head, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

# how a payment can end: the icon over it
ENDS = {"approved": "A", "declined": "D", "cancelled": "C", "not_completed": "!"}


def idle(canvas: Canvas, words: Prompts, linked: bool, nearly_full: bool = False) -> None:
    """`nearly_full`: the journal; the merchant is warned before sales are refused."""
    canvas.clear()
    if nearly_full:
        canvas.paragraph(20, words["nearly_full"], SMALL)
    canvas.centred(112, "Zinc", AMOUNT)
    if linked:
        canvas.centred(176, words["idle"], TEXT, SOFT)
        _light(canvas, words["linked"], "1")
        canvas.show("idle")
    else:
        canvas.paragraph(176, words["host_gone_advice"], TEXT, SOFT)
        _light(canvas, words["host_gone"], "0")
        canvas.show("host_gone")


def wait(canvas: Canvas, words: Prompts, amount: str, prompt: str, card_inside: bool) -> None:
    """`prompt` is wait, going_online or recording."""
    head(canvas, words, amount)
    canvas.centred_icon(110, ".")
    canvas.paragraph(178, words[prompt])
    if card_inside:
        foot_line(canvas, words["keep_card"])
    canvas.show(prompt)


def remove_card(canvas: Canvas, words: Prompts, prompt: str = "remove_card") -> None:
    """`prompt` is remove_card or one_card_only."""
    canvas.clear()
    canvas.centred_icon(84, "r")
    canvas.paragraph(198, words[prompt], TITLE)
    canvas.show(prompt)


def card_error(canvas: Canvas, words: Prompts) -> None:
    """A chip that could not be read: out, and in again."""
    canvas.clear()
    canvas.centred_icon(52, "!")
    y = canvas.paragraph(166, words["card_error"], TITLE)
    canvas.paragraph(y + 8, words["card_error_advice"], TEXT, SOFT)
    canvas.show("card_error")


def ended(canvas: Canvas, words: Prompts, end: str, amount: str, notes: list[str], card_inside: bool) -> None:
    """`end` is a key of ENDS; `notes` are prompts, the first the more important."""
    canvas.clear()
    canvas.centred_icon(16, ENDS[end])
    y = canvas.paragraph(116, words[end], TITLE)
    if end == "approved" and amount:
        hero_amount(canvas, y, amount)
        y += 56
    for place, note in enumerate(notes):
        y = canvas.paragraph(y + 6, words[note], SMALL if place else TEXT, SOFT if place else 3)
    if card_inside:
        foot_line(canvas, words["remove_card"])
    canvas.show(end)


def _light(canvas: Canvas, text: str, icon: str) -> None:
    x = (WIDTH - canvas.width(text, SMALL) - 26) // 2
    canvas.icon(x, 286, icon)
    canvas.text(x + 26, 286, text, SMALL, SOFT)
