"""What the merchant does after a sale, without a screen: nothing twice, and the truth in the list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from host.acquirer.errors import AcquirerSilent
from host.app import App
from host.money import Money
from host.payment.day_book import Entry
from host.payment.states import State
from host.point_of_sale.desk import Desk, typed
from host.point_of_sale.receipt_pdf import as_pdf
from host.point_of_sale.receipt_text import as_text
from host.terminal.errors import ReaderNotFound
from tests.host.stand_ins import Acquirer, FixedClock, chip_sale, till
from tests.host.test_checkout import at_once


def desk_of(folder: Path, script: Any = chip_sale, acquirer: Acquirer | None = None) -> tuple[App, Desk]:
    app = till(folder, script, acquirer)
    return app, Desk(app.payments, app.book, app.till, FixedClock(), at_once)


async def sold(app: App, amount: Money) -> bytes:
    ticket = app.till.open_ticket()
    app.till.add_amount(ticket.id, amount)
    return (await app.till.pay(ticket.id)).request_id


async def over(desk: Desk, *begins: Callable[[], None]) -> None:
    """Begin, and wait for the end."""
    ended = asyncio.Event()
    stop = desk.listen(lambda: None if desk.phases else ended.set())
    for begin in begins:
        begin()
    async with asyncio.timeout(20):
        await ended.wait()
    stop()


def entry(desk: Desk, request_id: bytes) -> Entry:
    found = desk.entry(request_id)
    assert found is not None
    return found


def printed(desk: Desk, request_id: bytes, copy: str = "customer") -> str:
    receipt = desk.receipt(entry(desk, request_id).payment, copy, "fr")
    assert as_pdf(receipt).startswith(b"%PDF")
    return as_text(receipt).replace("\u00a0", " ")


@pytest.mark.covers("terminal/T-R09", "faults/R-04", "terminal/LAW-26", "terminal/T-R16")
def test_a_cancellation_pressed_twice_and_its_receipt(tmp_path: Path) -> None:
    async def story() -> None:
        app, desk = desk_of(tmp_path)
        sale = await sold(app, Money(1250))
        before = printed(desk, sale)
        payment = entry(desk, sale).payment
        assert entry(desk, sale).voidable
        await over(desk, lambda: desk.void(payment), lambda: desk.void(payment))
        await over(desk, lambda: desk.void(payment))
        assert (desk.payment and desk.payment.state, desk.refusal) == (State.VOIDED, "")
        reader: Any = app.terminal
        assert [what for what, _ in reader.told].count("void") == 1
        assert not entry(desk, sale).voidable and not entry(desk, sale).refundable
        cancellation = printed(desk, sale)
        assert "PAIEMENT APPROUVÉ" in before and "DUPLICATA" not in cancellation, "another document"
        assert "*** ANNULATION ***" in cancellation and "PAIEMENT ANNULÉ" in cancellation
        assert "DUPLICATA" in printed(desk, sale)
        assert "DUPLICATA" not in printed(desk, sale, "merchant")

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R09")
def test_what_is_sealed_is_refused_in_words_and_stays_paid(tmp_path: Path) -> None:
    async def story() -> None:
        app, desk = desk_of(tmp_path)
        sale = await sold(app, Money(1250))
        payment = entry(desk, sale).payment
        reader: Any = app.terminal
        reader.sealed.add(payment.transaction_id)
        await over(desk, lambda: desk.void(payment))
        assert desk.refusal == "day_closed" and entry(desk, sale).payment.approved

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R08", "faults/R-04")
def test_refunds_in_parts_up_to_the_sale_and_two_windows_are_one(tmp_path: Path) -> None:
    async def story() -> None:
        app, desk = desk_of(tmp_path)
        sale = await sold(app, Money(1250))
        first = desk.refund_reference(entry(desk, sale))
        payment = entry(desk, sale).payment
        other_window = desk.refund_reference(entry(desk, sale))
        await over(desk, lambda: desk.refund(payment, Money(500), first))
        given = desk.payment
        assert given is not None and given.approved and "Du ticket" in printed(desk, given.request_id)
        await over(desk, lambda: desk.refund(payment, Money(500), other_window))
        assert desk.payment and desk.payment.request_id == given.request_id
        await over(desk, lambda: desk.refund(payment, Money(700), other_window))
        assert desk.refusal == "amount_changed"
        assert entry(desk, sale).refundable == Money(750) and not entry(desk, sale).voidable
        second = desk.refund_reference(entry(desk, sale))
        await over(desk, lambda: desk.refund(payment, Money(751), second))
        assert desk.refusal == "refund_beyond"
        await over(desk, lambda: desk.refund(payment, Money(750), second))
        assert not entry(desk, sale).refundable

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R08", "terminal/T-R16")
def test_a_refund_of_no_sale_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        _, desk = desk_of(tmp_path)
        reference = desk.reference("R")
        await over(desk, lambda: desk.refund_without_reference(Money(500), reference))
        assert desk.payment is not None and (desk.payment.kind, desk.payment.original) == ("refund", None)
        receipt = printed(desk, desk.payment.request_id)
        for words in ("*** REMBOURSEMENT ***", "Sans référence", "MONTANT RENDU", "REMBOURSEMENT ACCEPTÉ"):
            assert words in receipt
        assert "PAIEMENT" not in receipt
        assert desk.reference("R") != reference

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R11", "terminal/T-R16")
def test_a_preauthorisation_is_no_sale_until_it_is_completed(tmp_path: Path) -> None:
    async def story() -> None:
        _, desk = desk_of(tmp_path)
        await over(desk, lambda: desk.preauthorise(Money(10000), "C1-P1"))
        held = desk.payment
        assert held is not None and held.state is State.AUTHORISED
        shown = entry(desk, held.request_id)
        assert shown.completable and shown.expires_at and not shown.voidable and not shown.refundable
        receipt = printed(desk, held.request_id)
        assert "PAS UNE VENTE" in receipt and "MONTANT RÉSERVÉ" in receipt and "PAIEMENT" not in receipt
        await over(desk, lambda: desk.complete(held, Money(11501)))
        assert desk.refusal == "amount_above_limit" and entry(desk, held.request_id).completable
        await over(desk, lambda: desk.complete(held, Money(8050)), lambda: desk.complete(held, Money(8050)))
        assert desk.payment and desk.payment.approved and desk.payment.paid == Money(8050)
        completion = printed(desk, held.request_id)
        assert "FIN DE PRÉAUTORISATION" in completion and "DUPLICATA" not in completion
        assert "100,00 €" in completion and "80,50 €" in completion

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R11")
def test_a_preauthorisation_that_is_given_up_is_owed_to_the_acquirer_until_it_answers(tmp_path: Path) -> None:
    async def story() -> None:
        acquirer = Acquirer()
        acquirer.advice_error = AcquirerSilent("10 s")
        app, desk = desk_of(tmp_path, acquirer=acquirer)
        await over(desk, lambda: desk.preauthorise(Money(10000), "C1-P1"))
        held = desk.payment
        assert held is not None
        await over(desk, lambda: desk.complete(held, Money(0)))
        await over(desk, lambda: desk.ask_again(held))
        shown = entry(desk, held.request_id)
        assert shown.payment.state is State.REVERSAL_DUE and shown.attempts == 1
        acquirer.advice_error = None
        await over(desk, lambda: desk.ask_again(held))
        shown = entry(desk, held.request_id)
        assert (shown.payment.state, shown.attempts) == (State.REVERSED, None)
        app.database.close()

    asyncio.run(story())


def test_a_reader_out_of_reach_leaves_the_wish_and_asking_again_does_it(tmp_path: Path) -> None:
    async def story() -> None:
        app, desk = desk_of(tmp_path)
        sale = await sold(app, Money(1250))
        payment, reader = entry(desk, sale).payment, app.terminal
        reader.out_of_reach = ReaderNotFound()  # type: ignore[attr-defined]
        await over(desk, lambda: desk.void(payment))
        assert entry(desk, sale).payment.state is State.VOIDING
        reader.out_of_reach = None  # type: ignore[attr-defined]
        await over(desk, lambda: desk.ask_again(payment))
        assert entry(desk, sale).payment.state is State.VOIDED
        assert [shown.payment.request_id for shown in desk.entries()] == [sale]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12,50", 1250), (" 12.5 ", 1250), ("1 250", 125_000), ("0", 0), ("", None), ("abc", None), ("1,234", None),
     ("-1", None), ("NaN", None), ("1e3", 100_000), ("99999999999", None)],
)  # fmt: skip
def test_an_amount_as_people_write_it(text: str, minor: int | None) -> None:
    assert typed(text) == (None if minor is None else Money(minor))
