"""Receipts: what must be on each copy, what must not, and both typesettings of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from host.app import App
from host.money import Money
from host.payment.states import State
from host.point_of_sale import receipt_words
from host.point_of_sale.model import Ticket
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import WIDTH, as_text
from host.point_of_sale.receipts import Receipt, Seller, compose
from host.terminal.errors import PaymentUnknown
from tests.host.stand_ins import PAN, Acquirer, Reader, Script, chip_sale, till

CET = timezone(timedelta(hours=1))
SELLER = Seller("Café du Zinc", "12, rue de la Gare", "59800 Lille", "123", "FR1", "C1", "POI1", CET)


def sold(folder: Path, script: Script = chip_sale, acquirer: Acquirer | None = None) -> tuple[App, Ticket]:
    app = till(folder, script, acquirer)
    ticket = app.till.open_ticket()
    labels = {article.label: article.id for article in app.till.articles()}
    app.till.add_article(ticket.id, labels["Café"], 2)
    app.till.add_article(ticket.id, labels["Tasse «\u00a0Zinc\u00a0»"])
    app.till.add_article(ticket.id, labels["Croissant"])
    app.till.take_back(ticket.id, 2)
    app.till.discount_percent(ticket.id, 10)
    asyncio.run(app.till.pay(ticket.id))
    return app, app.till.ticket(ticket.id)


def printed(app: App, ticket: Ticket, copy: str = "customer", language: str = "fr", **options: Any) -> str:
    assert ticket.request_id
    return as_text(compose(ticket, app.payments.get(ticket.request_id), SELLER, copy, language, **options))


def with_cvm(cvm: str) -> Script:
    async def script(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", cvm=cvm)

    return script


@pytest.mark.covers("terminal/LAW-24", "terminal/LAW-3", "terminal/T-R16")
def test_the_customer_copy(tmp_path: Path) -> None:
    receipt = printed(*sold(tmp_path)).replace("\u00a0", " ")
    for part in (
        "CAFÉ DU ZINC",
        "Ticket C1-000001       21/11/2026 10:30:15",
        "Café                                3,60 €",
        "  2 × 1,80 € – TVA 10 %",
        "Annulation Croissant               -1,50 €",
        "Remise 10 % – TVA 20 %             -1,25 €",
        "TOTAL TTC                          14,49 €",
        "20 %          9,37 €     1,88 €    11,25 €",
        "CARTE BANCAIRE                        Puce",
        "CB VISA                          **** 7890",
        "Marque                                  CB",
        "AID                         A0000000421010",
        "Cryptogramme TC           A1B2C3D4E5F60718",
        "N° autorisation                     123456",
        "PAIEMENT APPROUVÉ",
        "Code PIN vérifié",
        "TICKET CLIENT – À CONSERVER",
    ):
        assert part in receipt
    assert "TVR" not in receipt
    assert "PROVISOIRE" not in receipt and "DUPLICATA" not in receipt


def test_the_merchant_copy_carries_the_evidence(tmp_path: Path) -> None:
    receipt = printed(*sold(tmp_path), copy="merchant")
    for part in (
        "TVR                             0000008000",
        "TSI",
        "E800",
        "ATC",
        "0012",
        "Code réponse",
        "TICKET COMMERÇANT",
    ):
        assert part in receipt


@pytest.mark.covers("terminal/LAW-6")
@pytest.mark.parametrize("copy", ["customer", "merchant"])
def test_no_copy_shows_more_of_the_card_than_its_last_four(tmp_path: Path, copy: str) -> None:
    receipt = printed(*sold(tmp_path), copy=copy)
    assert PAN[-4:] in receipt
    assert PAN[:6] not in receipt and PAN[-5:] not in receipt


@pytest.mark.parametrize(
    ("cvm", "copy", "line"),
    [
        ("online_pin", "customer", "Code PIN vérifié"),
        ("offline_pin", "merchant", "Code PIN vérifié"),
        ("on_device", "customer", "Vérifié par l’appareil du porteur"),
        ("signature", "merchant", "Signature du porteur :"),
    ],
)
def test_how_the_cardholder_was_verified(tmp_path: Path, cvm: str, copy: str, line: str) -> None:
    assert line in printed(*sold(tmp_path, with_cvm(cvm)), copy=copy)


@pytest.mark.parametrize("cvm", ["none", "signature"])
def test_no_verification_and_the_customers_copy_of_a_signature_have_no_line(tmp_path: Path, cvm: str) -> None:
    receipt = printed(*sold(tmp_path, with_cvm(cvm)))
    assert "vérifié" not in receipt.lower() and "Signature" not in receipt


@pytest.mark.covers("terminal/LAW-26")
def test_what_is_not_paid_says_so(tmp_path: Path) -> None:
    receipt = printed(*sold(tmp_path, acquirer=Acquirer(b"51")))
    assert "*** PROVISOIRE – NON PAYÉ ***" in receipt
    assert "PAIEMENT REFUSÉ" in receipt
    assert "APPROUVÉ" not in receipt and "C1-000001" not in receipt


def test_an_unknown_end_warns_against_charging_again(tmp_path: Path) -> None:
    async def cut(reader: Reader, request_id: bytes) -> dict:
        raise PaymentUnknown(request_id, None)

    app, ticket = sold(tmp_path, cut)
    assert ticket.request_id and app.payments.get(ticket.request_id).state is State.UNKNOWN
    receipt = printed(app, ticket)
    assert "RÉSULTAT INCONNU" in receipt and "Ne pas encaisser de nouveau" in receipt
    assert "PROVISOIRE" in receipt


@pytest.mark.covers("terminal/LAW-26", "terminal/T-R16")
def test_a_reprint_is_a_duplicata_and_every_print_is_traced(tmp_path: Path) -> None:
    app, ticket = sold(tmp_path)
    prints = [as_text(app.till.receipt(ticket.id, copy)) for copy in ("customer", "merchant", "customer", "customer")]
    assert ["DUPLICATA" in each for each in prints] == [False, False, True, True]
    with app.database.transaction() as work:
        assert work.scalar(text("SELECT count(*) FROM receipt_print")) == 4


@pytest.mark.parametrize("language", ["fr", "en", "nl"])
@pytest.mark.parametrize("copy", ["customer", "merchant"])
def test_every_line_fits_the_roll(tmp_path: Path, language: str, copy: str) -> None:
    receipt = printed(*sold(tmp_path), copy=copy, language=language, duplicate=True)
    assert max(len(line) for line in receipt.splitlines()) <= WIDTH
    assert "DUPLICATA" in receipt


def test_long_names_are_broken_not_cut(tmp_path: Path) -> None:
    app = till(tmp_path)
    ticket = app.till.open_ticket()
    label = "Assortiment de pâtisseries du dimanche"
    app.till.add_amount(ticket.id, Money(123456), label)
    asyncio.run(app.till.pay(ticket.id))
    receipt = app.till.receipt(ticket.id, "customer")
    lines = as_text(receipt).replace("\u202f", " ").replace("\u00a0", " ").splitlines()
    assert "Assortiment de pâtisseries du" in lines
    assert "dimanche                        1 234,56 €" in lines
    assert " ".join(extracted(receipt).split()).count("dimanche") == 1


def extracted(receipt: Receipt) -> str:
    return PdfReader(BytesIO(as_pdf(receipt))).pages[0].extract_text()


@pytest.mark.parametrize("copy", ["customer", "merchant"])
def test_the_pdf_says_what_the_text_says(tmp_path: Path, copy: str) -> None:
    app, ticket = sold(tmp_path, with_cvm("signature"))
    assert ticket.request_id
    receipt = compose(ticket, app.payments.get(ticket.request_id), SELLER, copy, "fr", duplicate=True)
    page = PdfReader(BytesIO(as_pdf(receipt))).pages[0]
    found = page.extract_text().replace("\u00a0", " ")
    for row in receipt.rows:
        for cell in row.cells:
            assert cell.strip().replace("\u202f", " ").replace("\u00a0", " ") in found
    assert round(float(page.mediabox.width) / 72 * 25.4) == 80


def test_the_languages_say_the_same_things() -> None:
    french, *others = receipt_words.WORDS.values()
    assert all(words.keys() == french.keys() for words in others)


@pytest.mark.covers("terminal/LAW-25")
def test_nothing_claims_a_certification() -> None:
    sources = Path(receipt_words.__file__).parent.glob("*.py")
    assert not [path.name for path in sources if "NF525" in path.read_text(encoding="utf-8")]


@pytest.mark.covers("terminal/LAW-3")
@pytest.mark.parametrize("copy", ["customer", "merchant"])
def test_the_cardholders_brand_is_on_the_receipt(tmp_path: Path, copy: str) -> None:
    async def script(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", brand="visa", brand_by="cardholder")

    receipt = printed(*sold(tmp_path, script), copy=copy)
    assert "Marque              Visa – choix du client" in receipt
    assert "AID" in receipt


@pytest.mark.covers("attacks/H-08")
def test_nothing_on_paper_is_a_command_to_the_printer(tmp_path: Path) -> None:
    """Whatever the card calls its application, or the merchant an article."""

    async def script(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", label="CB\x1b@\x1dV\x00 \u202eVISA")

    app = till(tmp_path, script)
    ticket = app.till.add_amount(app.till.open_ticket().id, Money(100), "Th\xe9\x1bp0")
    asyncio.run(app.till.pay(ticket.id))
    for copy in ("customer", "merchant"):
        paper = printed(app, app.till.ticket(ticket.id), copy)
        assert [each for each in paper if each < " " and each != "\n"] == [] and "\u202e" not in paper
        assert "CB@V VISA" in paper
