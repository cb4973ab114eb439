"""What the screens of the programme are made of: a number as it is typed, a QR code, words in each language."""

from __future__ import annotations

from firmware.screens import font, mobile_number
from firmware.screens.prompts import LANGUAGES, Prompts
from firmware.screens.qr_code import qr_code
from tests.support.fake_drivers import keyed_files
from tests.support.fake_storage import FakeStorage

COVERS = {"test_what_has_the_length_of_a_pin_is_no_number": ["attacks/P-01"]}


def typed(digits: str) -> bytearray:
    return bytearray(digits.encode())


def test_a_number_is_shown_as_people_read_it() -> None:
    for digits, shown in (
        ("", ""),
        ("0", "0"),
        ("0612345678", "06 12 34 56 78"),
        ("06123", "06 12 3"),
        ("00", "+"),
        ("0032470", "+32 470"),
        ("0032470123456", "+32 470 123 456"),
    ):
        assert mobile_number.shown(typed(digits)) == shown, digits


def test_what_can_be_a_number() -> None:
    for digits in ("0612345678", "0712345678", "0470123456", "0032470123456", "001234567890", "0033612345678"):
        assert mobile_number.can_be(typed(digits)), digits
    for digits in ("", "061234567", "06123456789", "6123456780", "0000000000", "003212345", "00123456789012345678"):
        assert not mobile_number.can_be(typed(digits)), digits


def test_what_has_the_length_of_a_pin_is_no_number() -> None:
    for length in range(4, 10):
        for digits in ("0612345678", "1234567890", "0032123456", "0000000000"):
            assert not mobile_number.can_be(typed(digits[:length]))
    assert not mobile_number.can_be(typed("123456789012"))


def test_a_number_is_told_as_it_is_dialled() -> None:
    number = typed("0612345678")
    told = mobile_number.dialled(number)
    number[:] = bytes(10)
    assert told == b"0612345678", "a copy of its own"
    assert mobile_number.dialled(typed("0032470123456")) == b"+32470123456"
    assert len(mobile_number.dialled(typed("00" + "9" * 15))) == 16


def test_the_words_are_there_in_each_language_and_can_be_drawn() -> None:
    faces = font.load_faces(FakeStorage(keyed_files()))
    names = [line.split("=")[0] for line in Prompts("fr", "loyalty")._of_kind.split("\n")]
    for language in LANGUAGES:
        texts = Prompts(language, "loyalty")._of_kind
        assert [line.split("=")[0] for line in texts.split("\n")] == names, language
        for character in texts:
            assert character == "\n" or faces[font.TEXT]._names.find(character) >= 0, (language, character)


def test_a_qr_code_has_its_patterns_on_either_runtime() -> None:
    """Module for module it is compared in tests/screens/test_qr_code.py."""
    size, modules = qr_code(b"https://fournil.example/f/2026-11")
    rows = ["".join([str(int(module)) for module in modules[row * size : (row + 1) * size]]) for row in range(size)]
    assert size == 29 and rows[0][:8] == rows[28][:8] == "11111110" and rows[0][-8:] == "01111111"
    assert rows[6] == "1111111" + "01" * 7 + "0" + "1111111", "timing"
    assert [row[20:25] for row in rows[20:25]] == ["11111", "10001", "10101", "10001", "11111"], "alignment"
