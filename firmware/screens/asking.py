"""Screens that wait for the cardholder: for a card, a choice, a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import INK, LINE, MARGIN, MIST, PAPER, SOFT, WIDTH
from firmware.screens.font import SMALL, TEXT, TITLE
from firmware.screens.frame import FOOT, foot, head, hero_amount

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

ROW = 48  # height of a choice
CHOICES = 3  # to a page
BRAND_AIR = 6  # on both sides of a name


def present_card(
    canvas: Canvas,
    words: Prompts,
    amount: str,
    contactless: bool,
    prompt: str,
    brands: list[str],
    first: int,
    cash: str = "",
) -> None:
    """`prompt` may bring its reason as small print (`prompt`_advice). `cash` is the part of the amount paid back.

    `brands` are on keys 1, 2, 3, all of one size; the one at `first` is the card's unless the cardholder takes another
    (terminal/LAW-1), -1: none is.
    """
    canvas.clear()
    if amount:
        canvas.centred(24, words["to_pay"], TEXT, SOFT)
        hero_amount(canvas, 46, amount)
    else:
        canvas.paragraph(40, words["to_pay"], TITLE)
    if cash:
        canvas.centred(98, words["with_cash"].format(cash), SMALL, SOFT)
    icons = "wi" if contactless else "i"
    x = (WIDTH - 76 * len(icons) - 24 * (len(icons) - 1)) // 2
    for icon in icons:
        canvas.icon(x, 118 if cash else 110, icon)
        x += 76 + 24
    y = canvas.paragraph(198, words[prompt])
    if prompt + "_advice" in words:
        canvas.paragraph(y + 2, words[prompt + "_advice"], SMALL, SOFT)
    foot(canvas, words, "x")
    _brand_keys(canvas, brands, first)
    canvas.show(prompt)


def _brand_keys(canvas: Canvas, brands: list[str], first: int) -> None:
    """In the foot, right of CANCEL."""
    x = WIDTH - 4
    for place in range(len(brands) - 1, -1, -1):
        width = canvas.width(brands[place], SMALL) + 2 * BRAND_AIR
        x -= width
        ink, paper = (PAPER, INK) if place == first else (INK, PAPER)
        canvas.box(x + width // 2 - 10, FOOT + 2, 20, 16, INK)
        canvas.box(x + width // 2 - 8, FOOT, 16, 20, INK)
        canvas.text(x + width // 2 - 4, FOOT + 1, str(place + 1), SMALL, PAPER, INK)
        canvas.box(x, FOOT + 22, width, 18, paper)
        canvas.text(x + BRAND_AIR, FOOT + 22, brands[place], SMALL, ink, paper)


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


def enter_pin(
    canvas: Canvas, words: Prompts, amount: str, digits: int, tries_left: int | None, may_bypass: bool = False
) -> None:
    """`digits` is how many were typed; `tries_left` is told when a try was lost or the last one is left.

    `may_bypass`: OK before any digit goes on without a PIN.
    """
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
    foot(canvas, words, "x<o", ok="no_pin" if may_bypass and not digits else "ok")
    canvas.show("enter_pin")
