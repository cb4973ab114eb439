"""Screens that wait for the cardholder: for a card, a choice, a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import LINE, MARGIN, MIST, PAPER, SOFT, WIDTH
from firmware.screens.font import SMALL, TEXT, TITLE
from firmware.screens.frame import foot, head, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

ROW = 48  # height of a choice
CHOICES = 3  # to a page


def present_card(canvas: Canvas, words: Prompts, amount: str, contact: bool, contactless: bool, prompt: str) -> None:
    """`prompt` is present_card, insert_card, use_chip or try_again; the last two bring their reason as small print."""
    canvas.clear()
    canvas.centred(24, words["to_pay"], TEXT, SOFT)
    hero_amount(canvas, 46, amount)
    icons = ("w" if contactless else "") + ("i" if contact else "")
    x = (WIDTH - 76 * len(icons) - 24 * (len(icons) - 1)) // 2
    for icon in icons:
        canvas.icon(x, 110, icon)
        x += 76 + 24
    y = canvas.paragraph(198, words[prompt])
    if prompt + "_advice" in words:
        canvas.paragraph(y + 2, words[prompt + "_advice"], SMALL, SOFT)
    foot(canvas, words, "x")
    canvas.show(prompt)


def choose_application(canvas: Canvas, words: Prompts, amount: str, labels: list[str], more: bool) -> None:
    """At most CHOICES labels, all of one size (terminal/LAW-2), on keys 1, 2, 3; `more`: OK turns the page."""
    head(canvas, words, amount)
    y = canvas.paragraph(54, words["choose_application_advice"], TEXT) + 6
    room = WIDTH - 2 * MARGIN - 54
    face = TEXT if max([canvas.width(label) for label in labels]) <= room else SMALL
    for place, label in enumerate(labels):
        canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, ROW, LINE)
        canvas.box(MARGIN + 1, y + 1, WIDTH - 2 * MARGIN - 2, ROW - 2, PAPER)
        canvas.box(MARGIN + 1, y + 1, 40, ROW - 2, MIST)
        canvas.text(MARGIN + 14, y + 9, str(place + 1), TITLE, paper=MIST)
        canvas.text(MARGIN + 50, y + (13 if face == TEXT else 16), label, face)
        y += ROW + 6
    foot(canvas, words, "xo" if more else "x", ok="more")
    canvas.show("choose_application")


def enter_pin(canvas: Canvas, words: Prompts, amount: str, digits: int, tries_left: int | None) -> None:
    """`digits` is how many were typed; `tries_left` is told when a try was lost or the last one is left."""
    head(canvas, words, amount)
    canvas.centred(84, words["enter_pin"])
    places = max(digits, 4)
    pitch = min(30, (WIDTH - 2 * MARGIN) // places)
    x = (WIDTH - pitch * places) // 2 + (pitch - 18) // 2
    for place in range(places):
        canvas.icon(x + place * pitch, 142, "1" if place < digits else "0")
    if tries_left == 1:
        canvas.box(MARGIN, 196, WIDTH - 2 * MARGIN, 40, 0)
        canvas.centred(204, words["pin_last_try"], TEXT, PAPER, 0)
    elif tries_left is not None:
        canvas.centred(204, words["pin_wrong"].format(tries_left), TEXT)
    foot(canvas, words, "x<o")
    canvas.show("enter_pin")
