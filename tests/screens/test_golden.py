"""Each screen is, pixel for pixel, the one that was looked at and found good."""

from __future__ import annotations

import json

import pytest

from firmware.screens.money import amount_text
from firmware.screens.prompts import LANGUAGES, Prompts
from tests.screens.catalogue import EUR, SCREENS, TAKEN, RecordingCanvas, draw
from tests.screens.sheet import GOLDEN, digest

HOW = "changed on purpose? python -m tests.screens.sheet, look at build/screens.png, commit golden.json"


@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_as_it_was_approved(name: str) -> None:
    assert digest(draw(name)) == json.loads(GOLDEN.read_text())[name], HOW


@pytest.mark.parametrize("amount_minor", [1, 1250, 999_999_99])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stay_on_the_glass_and_apart_in_every_language(language: str, amount_minor: int) -> None:
    for name, screen in SCREENS.items():
        canvas = RecordingCanvas()
        screen(canvas, Prompts(language), amount_text(amount_minor, EUR, language))
        assert canvas.covered == [], name
        for place, (text, left, top, right, bottom) in enumerate(canvas.texts):
            assert left >= 4 and right <= 236 and bottom <= 318, (name, text)
            for other, x0, y0, x1, y1 in canvas.texts[:place]:
                assert right <= x0 or x1 <= left or bottom <= y0 or y1 <= top, (name, text, other)


@pytest.mark.covers("terminal/LAW-2")
@pytest.mark.parametrize("name", ["present_card", "present_card_visa_chosen", "present_card_no_brand_first"])
def test_brand_names_are_of_one_size_and_on_one_line(name: str) -> None:
    canvas = RecordingCanvas()
    SCREENS[name](canvas, Prompts("fr"), "")
    lines = [(top, bottom) for text, _, top, _, bottom in canvas.texts if text in TAKEN]
    assert len(lines) == 3 and len(set(lines)) == 1


@pytest.mark.covers("terminal/LAW-2")
def test_choices_are_of_one_size() -> None:
    """No brand stands out (terminal/LAW-2), even when one has a long name."""
    canvas = RecordingCanvas()
    SCREENS["choose_of_many"](canvas, Prompts("fr"), "")
    rows = [(left, bottom - top) for text, left, top, _, bottom in canvas.texts if text[:4] in ("CB", "VISA", "MAST")]
    assert len(rows) == 3 and len(set(rows)) == 1
