"""`zinc explain`: a transcript or a saved trace as text, a bit answered, in three languages and any width."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from host.money import Money
from host.payment import trace_file
from host.payment.explanation import TVR, BadTrace, Bit
from host.payment.model import Payment
from host.web.words import LANGUAGES
from tools.explain.command import explain
from tools.explain.page import Page
from tools.explain.source import load

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CARDS = Path(__file__).parent.parent / "cards"
DDA = CARDS / "contact_cb_dda_offline_pin_approved.json"
EVERY = [path for path in sorted(CARDS.glob("*.json")) if "mchip_cda" not in path.name]  # needs kernel 2


def shown(path: Path, language: str = "en", width: int = 100, bit: str = "") -> str:
    out = StringIO()
    page = Page(language, out, width)
    if bit:
        page.answer(load(path), Bit.named(bit))
    else:
        page.show(load(path))
    return out.getvalue()


def test_why_the_floor_limit_bit_is_set() -> None:
    lines = shown(DDA, bit="tvr 4 8", width=80).splitlines()
    assert lines[0] == "TVR byte 4 bit 8: Transaction exceeds floor limit"
    assert lines[2].split() == ["The", "amount", "reaches", "the", "floor", "limit", "Book", "3", "10.6.1"]
    assert lines[3].split() == ["9F02", "Amount", "Authorised", "000000001250", "12.50", "terminal"]
    assert lines[4].split() == ["9F1B", "Terminal", "Floor", "Limit", "00000000", "0.00", "terminal"]


def test_a_failed_signature_is_told_with_the_rule_that_broke() -> None:
    answer = shown(CARDS / "contact_dda_signature_false.json", bit="95.1.4")
    assert "A signature is not as long as its key" in answer and "Data authentication failed" in answer


def test_a_bit_that_is_clear() -> None:
    assert "This bit is not set." in shown(DDA, bit="95.5.8")


@pytest.mark.parametrize("name", ["95.4.8", "tvr 4 8", "TVR byte 4, bit 8", "tvr octet 4 bit 8"])
def test_names_of_a_bit(name: str) -> None:
    assert Bit.named(name) == Bit(TVR, 4, 8)


@pytest.mark.parametrize("name", ["", "tvr", "tvr 6 1", "tvr 4 9", "tvr 0 1", "96.1.1", "tvr four 8"])
def test_what_is_no_bit(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}$"):
        Bit.named(name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_transcript_in_each_language_fits_and_has_no_colour(path: Path, language: str) -> None:
    for width in (80, 120):
        text = shown(path, language, width)
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= width


def test_nothing_that_the_reader_hides_is_shown() -> None:
    text = shown(DDA)
    assert "4970" not in text and "1234FFFF" not in text
    assert "•••• 176 bytes" in text


def test_a_saved_trace_is_explained_as_the_till_did(tmp_path: Path) -> None:
    account = load(DDA)
    payment = Payment(bytes(8), "order", Money(1250), NOON, transaction_id=bytes(16), interface="contact")
    path = tmp_path / trace_file.name_of(payment)
    path.write_text(trace_file.text(payment, account.explanation), encoding="utf-8")
    assert load(path).explanation == account.explanation
    assert shown(path, bit="95.4.8") == shown(DDA, bit="95.4.8")


@pytest.mark.parametrize("broken", [{}, {"apdus": [["00"]]}, {"apdus": 1, "objects": {}, "decisions": []}])
def test_what_is_no_saved_trace(broken: dict) -> None:
    with pytest.raises(BadTrace):
        trace_file.explanation(broken)


def test_what_is_asked_wrongly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"zinc_trace": 1}))
    assert (explain(DDA, "", "de"), explain(DDA, "tvr 9 9", "en"), explain(broken, "", "en")) == (2, 2, 1)
    said = capsys.readouterr().err
    assert "'de' is none of fr, en, nl" in said and "say 95.4.8" in said and "broken.json" in said
