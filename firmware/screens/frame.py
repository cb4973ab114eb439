"""What screens share: a head with the amount, a foot that says what the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens.canvas import HEIGHT, LINE, MARGIN, MIST, SOFT, WIDTH
from firmware.screens.font import AMOUNT, SMALL, TEXT, TITLE

if TYPE_CHECKING:
    from firmware.screens.canvas import Canvas
    from firmware.screens.prompts import Prompts

HEAD_HEIGHT = 46
FOOT = 276  # top of the foot
KEYS = (("x", "cancel"), ("<", "clear"), ("o", "ok"))  # as they lie on the keypad, from the left


def head(canvas: Canvas, words: Prompts, amount: str) -> None:
    """A clean sheet that keeps the amount in sight."""
    canvas.clear()
    canvas.box(0, 0, WIDTH, HEAD_HEIGHT, MIST)
    canvas.text(MARGIN, 14, words["to_pay"], SMALL, SOFT, MIST)
    canvas.right(WIDTH - MARGIN, 11, amount, TEXT, paper=MIST)


def hero_amount(canvas: Canvas, y: int, amount: str) -> None:
    """As large as it fits."""
    fits = canvas.width(amount, AMOUNT) <= WIDTH - 2 * MARGIN
    canvas.centred(y if fits else y + 12, amount, AMOUNT if fits else TITLE)


def foot(canvas: Canvas, words: Prompts, keys: str, ok: str = "ok", cancel: str = "cancel") -> None:
    """`keys` are those of KEYS that do something, by their icon: each in the column of its place on the keypad.

    `ok` is the prompt under the key OK, `cancel` that under CANCEL.
    """
    canvas.box(MARGIN, FOOT - 6, WIDTH - 2 * MARGIN, 1, LINE)
    column = WIDTH // len(KEYS)
    for place, (icon, prompt) in enumerate(KEYS):
        if icon in keys:
            middle = place * column + column // 2
            text = words[ok if icon == "o" else cancel if icon == "x" else prompt]
            canvas.icon(middle - 10, FOOT, icon)
            canvas.text(middle - canvas.width(text, SMALL) // 2, FOOT + 22, text, SMALL, SOFT)


def foot_line(canvas: Canvas, text: str) -> None:
    """A sentence in the place of keys, white on black: something for the cardholder to do."""
    canvas.box(0, HEIGHT - 46, WIDTH, 46, 0)
    canvas.centred(HEIGHT - 35, text, TEXT, 15, 0)
