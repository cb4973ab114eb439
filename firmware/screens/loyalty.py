"""Screens of the loyalty programme. What the host says of it is on screens where nothing is typed: whoever types reads
the catalogue's words alone (attacks/P-01).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import INK, LINE, MARGIN, MIST, PAPER, SOFT, WIDTH
from firmware.screens.font import SMALL, TEXT, TITLE
from firmware.screens.frame import FOOT, HEAD_HEIGHT, foot, hero_amount
from firmware.screens.telling import ENDS

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

_LINE = 18  # height of a line of conditions
_ROW = 40  # height of an answer


def offer(canvas: Canvas, words: Prompts, programme: str) -> None:
    canvas.clear()
    canvas.centred_icon(20, "*")
    y = canvas.paragraph(94, programme, _fitting(canvas, programme.split(" "), WIDTH - 8))
    y = canvas.paragraph(y + 10, words["offer"])
    canvas.paragraph(y + 6, words["offer_advice"], SMALL, SOFT)
    foot(canvas, words, "xo", ok="join", cancel="no_thanks")
    canvas.show("loyalty_offer")


def member(canvas: Canvas, words: Prompts, programme: str, points: int | None, counter: str, rewards: str) -> None:
    """`counter` of the protocol: what the points are."""
    canvas.clear()
    canvas.centred_icon(16, "*")
    y = canvas.paragraph(88, programme, TEXT, SOFT)
    if points is not None:
        hero_amount(canvas, y + 4, str(points))
        canvas.centred(y + 56, words[counter])
        y += 80
    short = len(canvas.lines(rewards, TEXT, WIDTH - 2 * MARGIN)) <= 3
    canvas.paragraph(y + 12, rewards, TEXT if short else SMALL)
    canvas.show("loyalty_member")


def enter_mobile(canvas: Canvas, words: Prompts, number: str, wrong: bool) -> None:
    """In clear, in a frame of its own: neither the dots of a PIN nor the squares of a code."""
    _title(canvas, words["mobile"])
    canvas.box(MARGIN, 96, WIDTH - 2 * MARGIN, 48, INK)
    canvas.box(MARGIN + 2, 98, WIDTH - 2 * MARGIN - 4, 44, PAPER)
    face = _fitting(canvas, [number], WIDTH - 2 * MARGIN - 12)
    canvas.centred(103 + 4 * (TITLE - face), number, face)
    advice, ink = ("mobile_wrong", INK) if wrong else ("mobile_advice", SOFT)
    y = canvas.paragraph(160, words[advice], TEXT if wrong else SMALL, ink)
    canvas.paragraph(y + 10, words["never_pin"], SMALL, SOFT)
    foot(canvas, words, "x<o", cancel="no_thanks")
    canvas.show("enter_mobile")


def conditions(canvas: Canvas, words: Prompts, text: str, has_full_text: bool) -> None:
    """As many lines as there is room for: the full text is elsewhere."""
    _title(canvas, words["conditions"])
    end = FOOT - 46 if has_full_text else FOOT - 18
    y = HEAD_HEIGHT + 10
    lines = canvas.lines(text, SMALL, WIDTH - 2 * MARGIN)
    for line in lines[: (end - y) // _LINE]:
        canvas.text(MARGIN, y, line, SMALL)
        y += _LINE
    if has_full_text:
        canvas.box(MARGIN, end + 6, 22, 22, INK)
        canvas.text(MARGIN + 7, end + 8, "1", SMALL, PAPER, INK)
        canvas.text(MARGIN + 32, end + 8, words["full_text"], SMALL)
    foot(canvas, words, "xo", ok="accept", cancel="refuse")
    canvas.show("loyalty_conditions")


def full_text(canvas: Canvas, words: Prompts, size: int, modules: bytearray) -> None:
    """A QR code as large as it can be, with four modules of paper around it."""
    canvas.clear()
    scale = WIDTH // (size + 8)
    corner = (WIDTH - size * scale) // 2
    for at in range(size * size):
        if modules[at]:
            canvas.box(corner + at % size * scale, corner + at // size * scale, scale, scale, INK)
    canvas.centred(240, words["scan"], SMALL)
    foot(canvas, words, "xo", ok="back", cancel="refuse")
    canvas.show("loyalty_full_text")


def ask_sms(canvas: Canvas, words: Prompts, yes: bool) -> None:
    """A question of its own, and no unless it is changed (terminal/LAW-13)."""
    canvas.clear()
    y = canvas.paragraph(18, words["sms"], TITLE) + 10
    for place, prompt in enumerate(("no", "yes")):
        chosen = yes == (prompt == "yes")
        canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, _ROW, INK if chosen else LINE)
        if not chosen:
            canvas.box(MARGIN + 1, y + 1, WIDTH - 2 * MARGIN - 2, _ROW - 2, PAPER)
            canvas.box(MARGIN + 1, y + 1, 40, _ROW - 2, MIST)
        ink, paper = (PAPER, INK) if chosen else (INK, PAPER)
        canvas.text(MARGIN + 15, y + 8, str(place + 1), TEXT, ink, INK if chosen else MIST)
        canvas.text(MARGIN + 54, y + 8, words[prompt], TEXT, ink, paper)
        y += _ROW + 6
    canvas.paragraph(y + 2, words["sms_advice"], SMALL, SOFT)
    foot(canvas, words, "xo")
    canvas.show("ask_sms")


def wait(canvas: Canvas, words: Prompts) -> None:
    canvas.clear()
    canvas.centred_icon(110, ".")
    canvas.paragraph(178, words["wait"])
    canvas.show("loyalty_wait")


def joined(canvas: Canvas, words: Prompts, points: int, counter: str) -> None:
    canvas.clear()
    canvas.centred_icon(24, ENDS["approved"])
    y = canvas.paragraph(128, words["joined"], TITLE)
    if points:
        y = canvas.paragraph(y + 6, words["joined_points"].format(points, words[counter]))
    canvas.paragraph(y + 10, words["joined_advice"], TEXT, SOFT)
    canvas.show("loyalty_joined")


def not_joined(canvas: Canvas, words: Prompts, why: str) -> None:
    """`why` is mobile_wrong, not_now or no_answer."""
    canvas.clear()
    canvas.centred_icon(24, ENDS["cancelled"])
    y = canvas.paragraph(128, words["not_joined"], TITLE)
    canvas.paragraph(y + 8, words[why], TEXT, SOFT)
    canvas.show("loyalty_not_joined")


def _fitting(canvas: Canvas, texts: list[str], room: int) -> int:
    """The largest face in which each of them is no wider than `room`."""
    face = TITLE
    while face > SMALL and max([canvas.width(text, face) for text in texts]) > room:
        face -= 1
    return face


def _title(canvas: Canvas, text: str) -> None:
    canvas.clear()
    canvas.box(0, 0, WIDTH, HEAD_HEIGHT, MIST)
    canvas.centred(11, text, TEXT, paper=MIST)
