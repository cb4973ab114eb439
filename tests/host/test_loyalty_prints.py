"""Posters and notice: what they say, and that nothing leaves its sheet, however long names are."""

from __future__ import annotations

import io
from collections import Counter as Counts
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from host.loyalty import posters, prints
from host.loyalty.documents import Shop
from host.loyalty.model import Basis, Counter, Earning, Programme, Reward, RewardKind
from host.loyalty.paper import HEIGHT, MARGIN, PLAIN, WIDTH, fitting, western
from host.money import Money
from tests.host.loyalty_bench import PROGRAMME, shop
from tests.support.qr_reader import Modules, read

SHOP = Shop("Café du Zinc", "12, rue de la Gare", "59800 Lille", "123 456 789 00012",
            "https://zinc.example/fidelite", "36180", ZoneInfo("Europe/Paris"))  # fmt: skip
LONG_SHOP = replace(SHOP, name="Boulangerie-Pâtisserie Traiteur Żółkiewski & Filles, depuis 1924 à Lille")
LONGEST = Programme(
    "W" * 32,
    (Earning(Counter.STAMPS, Basis.ARTICLE, 1, category="Spécialités de la maison et gourmandises"),),
    tuple(Reward(str(n), RewardKind.GIFT, Counter.STAMPS, 99_999, "W" * 40, Money(9999), category="W" * 30)
          for n in range(5)),
    PROGRAMME.valid_from,
    PROGRAMME.conditions,
)  # fmt: skip
SHEETS = {"window": posters.window, "till": posters.till, "notice": posters.notice}


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.covers("services/L-4", "services/L-14")
@pytest.mark.parametrize(("language", "words"), [
    ("fr", ("Remise fidélité", "1 point par euro", "Gratuit", "ni vendu")),
    ("en", ("Remise fidélité", "1 point for each euro", "Free", "neither sold")),
    ("nl", ("Remise fidélité", "1 punt per", "Gratis", "niet verkocht")),
])  # fmt: skip
@pytest.mark.parametrize("name", ["window", "till"])
def test_a_poster_says_who_what_and_what_for(name: str, language: str, words: tuple[str, ...]) -> None:
    (text,) = pages(SHEETS[name](PROGRAMME, SHOP, language))
    for word in (*words, "Café du Zinc", "Les Amis", "Café offert"):
        assert western(word).replace("\u00a0", " ") in text.replace("\u00a0", " ")


@pytest.mark.covers("services/L-2", "terminal/LAW-11")
@pytest.mark.parametrize("language", ["fr", "en", "nl"])
def test_the_notice_says_who_why_how_long_and_which_rights(language: str) -> None:
    notice, conditions = pages(posters.notice(PROGRAMME, SHOP, language))
    for fact in ("12, rue de la Gare", "123 456 789 00012", "STOP", "36180", "CNIL", "zinc.example/fidelite", "30"):
        assert fact in notice
    assert {"fr": "Trois ans", "en": "Three years", "nl": "Drie jaar"}[language] in notice
    assert "2026-11" in conditions and len(pages(posters.notice(None, SHOP, language))) == 1


@pytest.mark.covers("services/L-4")
@pytest.mark.parametrize("programme", [PROGRAMME, LONGEST], ids=["short", "longest"])
@pytest.mark.parametrize("name", SHEETS)
def test_nothing_leaves_the_sheet_however_long_names_are(name: str, programme: Programme) -> None:
    for page in PdfReader(io.BytesIO(SHEETS[name](programme, LONG_SHOP, "fr"))).pages:
        ends: list[tuple[float, float]] = []

        def seen(text: str, _: object, at: list[float], font: dict, size: float, ends: list = ends) -> None:
            if text.strip():
                ends.append((at[4], at[5]))

        page.extract_text(visitor_text=seen)
        assert ends and all(MARGIN - 1 <= x < WIDTH - MARGIN and MARGIN / 2 < y < HEIGHT - 9 for x, y in ends)


@pytest.mark.covers("services/L-4")
def test_lines_fit_their_width() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for text in ("Les Amis du Zinc", "W" * 32, "a " * 40, "Żółć €"):
        size, lines = fitting(text, PLAIN, (10, 60), 200, 2)
        assert all(stringWidth(line, PLAIN, size) <= 200 for line in lines)
        assert "".join(lines).replace(" ", "") == western(text).replace(" ", "")


def code_of(content: bytes) -> Modules:
    """Drawn as bars of a module's height, those side by side as one."""
    page = PdfReader(io.BytesIO(content)).pages[0]
    drawn = [[float(each) for each in of] for of, operator in page.get_contents().operations if operator == b"re"]
    module = Counts(round(height, 4) for *_, height in drawn).most_common(1)[0][0]
    bars = [(x, y, width) for x, y, width, height in drawn if round(height, 4) == module]
    left, bottom = min(x for x, _, _ in bars), min(y for _, y, _ in bars)
    dark = {
        (round((y - bottom) / module), round((x - left) / module) + more)
        for x, y, width in bars
        for more in range(round(width / module))
    }
    size = 1 + max(row for row, _ in dark)
    return [[(size - 1 - row, column) in dark for column in range(size)] for row in range(size)]


@pytest.mark.covers("services/L-4")
@pytest.mark.parametrize("page", [SHOP.page, "https://chez-camille.example/fidelite", "https://z.example/" + "a" * 60])
@pytest.mark.parametrize("name", SHEETS)
def test_the_code_leads_to_the_page(name: str, page: str) -> None:
    address = read(code_of(SHEETS[name](PROGRAMME, replace(SHOP, page=page), "fr"))).decode()
    assert address.startswith(page)


@pytest.mark.covers("services/L-4")
@pytest.mark.parametrize("name", SHEETS)
def test_faces_are_embedded(name: str) -> None:
    for page in PdfReader(io.BytesIO(SHEETS[name](PROGRAMME, SHOP, "fr"))).pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        assert fonts and all("/FontFile2" in each.get_object()["/FontDescriptor"] for each in fonts.values())


def test_the_same_programme_gives_the_same_file() -> None:
    assert posters.window(PROGRAMME, SHOP, "fr") == posters.window(PROGRAMME, SHOP, "fr")


@pytest.mark.covers("services/L-4")
def test_the_merchant_gets_them_by_their_address(tmp_path: Path) -> None:
    zinc = shop(tmp_path)
    (route,) = prints.router(zinc.service, SHOP).routes
    printed = route.endpoint  # type: ignore[attr-defined]
    assert prints.address("window", "nl") == "/loyalty/prints/window.nl.pdf"
    for name in prints.NAMES:
        assert printed(name, "nl").body[:5] == b"%PDF-"
    assert printed("other", "fr").status_code == printed("till", "de").status_code == 404
    zinc.service.programmes.end()
    zinc.clock.later(seconds=1)
    assert printed("till", "fr").status_code == 404 and printed("notice", "fr").body[:5] == b"%PDF-"
