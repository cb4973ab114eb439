"""The catalogue is whole in each language, every word can be drawn, and what must fit on a line does."""

from __future__ import annotations

from firmware.drivers import display
from firmware.flows.reasons import REASONS, row
from firmware.screens import canvas, font
from firmware.screens.frame import FOOT
from firmware.screens.money import amount_text
from firmware.screens.prompts import LANGUAGES, Prompts, preferred
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage

COVERS = {"test_language_of_the_card_before_the_default": ["terminal/T-R17"]}

ONE_LINE = ("to_pay", "pin_wrong", "pin_last_try", "enter_pin", "keep_card", "remove_card", "linked", "host_gone")
KEYS = ("cancel", "clear", "ok", "more")  # a third of the width each


def names(language: str) -> list[str]:
    texts = Prompts(language)._texts
    return [line.split("=")[0] for line in texts.split("\n") if line]


def test_each_language_has_every_prompt_in_the_same_order() -> None:
    for language in LANGUAGES:
        assert names(language) == names("fr"), language


def test_every_letter_can_be_drawn() -> None:
    faces = font.load_faces(FakeStorage(keyed_files()))
    for language in LANGUAGES:
        for character in Prompts(language)._texts:
            for face in (font.SMALL, font.TEXT, font.TITLE):
                assert character == "\n" or faces[face]._names.find(character) >= 0, (language, character)


def test_what_must_fit_fits() -> None:
    faces = font.load_faces(FakeStorage(keyed_files()))
    for language in LANGUAGES:
        words = Prompts(language)
        for prompt in ONE_LINE:
            assert faces[font.TEXT].width(words[prompt].format(2)) <= 208 + 16, (language, prompt)
        for prompt in KEYS:
            assert faces[font.SMALL].width(words[prompt]) <= 78, (language, prompt)


def test_an_unknown_letter_is_a_question_mark() -> None:
    face = font.load_faces(FakeStorage(keyed_files()))[font.TEXT]
    assert face.position("\u4e2d") == face.position("?") != face.position("A")


def test_language_of_the_card_before_the_default() -> None:
    assert preferred(b"xxnlfr") == "nl"
    assert preferred(b"ENde") == "en"
    assert preferred(b"xx") == preferred(b"") == preferred(None) == preferred(b"n") == "fr"


def test_amounts_as_people_write_them() -> None:
    rows = (
        (1250, "fr", "12,50\u00a0€"),
        (5, "fr", "0,05\u00a0€"),
        (123456789, "fr", "1\u00a0234\u00a0567,89\u00a0€"),
        (123456, "en", "€1,234.56"),
        (1250, "nl", "€\u00a012,50"),
        (123456, "de", "1.234,56\u00a0€"),
    )
    for minor, language, text in rows:
        assert amount_text(minor, 978, language) == text
    assert amount_text(1250, 756, "en") == "CHF\u00a012.50"


def test_each_reason_has_its_words_and_its_end() -> None:
    words = Prompts("fr")
    for line in REASONS.split("\n")[1:-1]:
        why, outcome, end, prompt = row(line.split(" ")[0])
        assert len(why) <= 32 and outcome in ("approved", "declined", "cancelled", "unknown", "voided")
        assert end in words and (prompt == "-" or prompt in words), why
        assert (outcome == "approved") == (end == "approved")
    assert row("no such reason")[0] == "reader_fault"


def test_the_foot_is_below_what_is_written() -> None:
    faces = font.load_faces(FakeStorage(keyed_files()))
    assert FOOT + 22 + faces[font.SMALL].height <= 320


def test_the_canvas_is_as_large_as_the_display() -> None:
    assert (canvas.WIDTH, canvas.HEIGHT) == (display.WIDTH, display.HEIGHT)
