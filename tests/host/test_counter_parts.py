"""A ticket that is paid in parts, and what the merchant is asked: no screen, a reader that follows a script."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from host.app import App
from host.money import Money
from host.payment.states import State
from host.point_of_sale.checkout import Checkout, Wishes
from host.point_of_sale.model import TicketState, ticket_of
from host.point_of_sale.receipt_text import as_text
from tests.host.stand_ins import Acquirer, Reader, chip_sale, till
from tests.host.test_checkout import at_once, paid


async def asking(reader: Reader, request_id: bytes) -> dict[str, Any]:
    """A part needs the merchant's yes, as the reader has it."""
    reader.progress("accepted")
    answer = await reader.go_online()
    if answer.get("response_code") != b"10":
        return reader.result(request_id, "approved" if answer.get("response_code") == b"00" else "declined")
    part = answer["authorised_minor"]
    if not await reader.confirm("partial_amount", part):
        return reader.result(request_id, "declined", why="partial_refused_reversal_owed")
    return reader.result(request_id, "approved", amount_minor=part, authorised_minor=part, response_code=b"10")


async def signing(reader: Reader, request_id: bytes) -> dict[str, Any]:
    reader.progress("accepted")
    await reader.go_online()
    if not await reader.confirm("signature", reader.amount_minor):
        return reader.result(request_id, "declined", why="signature_refused_reversal_owed")
    return reader.result(request_id, "approved", cvm="signature")


def counter(folder: Path, script: Any = asking, part_minor: int = 800) -> tuple[App, Checkout, Acquirer]:
    acquirer = Acquirer(b"10")
    acquirer.authorised = Money(part_minor)
    app = till(folder, script, acquirer)
    return app, Checkout(app.till, app.payments, at_once, (5, 10)), acquirer


def answering(checkout: Checkout, accepted: bool) -> list[tuple[str, Money, Money, Money]]:
    """Answer each question, twice: the first word counts. What was asked."""
    asked = []

    def answer() -> None:
        question = checkout.question
        if question is not None:
            asked.append((question.what, question.asked, question.offered, question.rest))
            assert 55 <= question.seconds_left() <= 60
            checkout.answer(accepted)
            checkout.answer(not accepted)

    checkout.listen(answer)
    return asked


@pytest.mark.covers("terminal/T-R07")
def test_a_part_leaves_the_ticket_open_and_the_rest_is_another_payment_of_the_order(tmp_path: Path) -> None:
    async def sale() -> None:
        app, checkout, acquirer = counter(tmp_path)
        asked = answering(checkout, accepted=True)
        checkout.add_amount(Money(1250))
        await paid(checkout)
        assert asked == [("partial_amount", Money(1250), Money(800), Money(450))]
        assert (checkout.ticket.state, checkout.due) == (TicketState.PART_PAID, Money(450))
        part = checkout.payment
        assert part is not None and part.approved
        receipt = as_text(checkout.receipt("customer", "fr")).replace("\u00a0", " ")
        for words in ("PAYÉ EN PARTIE", "Demandé", "12,50 €", "RESTE À PAYER", "4,50 €", "8,00 €"):
            assert words in receipt
        checkout.add_amount(Money(100))
        assert checkout.ticket.total == Money(1250), "lines stand while a part is paid"
        acquirer.response_code = b"00"
        await paid(checkout)
        rest = checkout.payment
        assert rest is not None and rest.amount == Money(450)
        assert ticket_of(part.order_reference) == ticket_of(rest.order_reference) == checkout.ticket.id
        assert (checkout.ticket.state, checkout.due, checkout.ticket.number) == (TicketState.PAID, Money(0), 1)
        assert [payment.paid.amount_minor for payment in app.till.payments_of(checkout.ticket)] == [800, 450]
        final = as_text(checkout.receipt("merchant", "fr")).replace("\u00a0", " ")
        assert "Déjà payé" in final and "PROVISOIRE" not in final and "RESTE" not in final

    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R07", "faults/R-04")
def test_after_a_restart_the_rest_is_still_due_and_a_cancelled_part_opens_the_ticket(tmp_path: Path) -> None:
    async def sale() -> None:
        app, checkout, _ = counter(tmp_path)
        answering(checkout, accepted=True)
        checkout.add_amount(Money(1250))
        await paid(checkout)
        again = Checkout(app.till, app.payments, at_once)
        assert (again.ticket.id, again.due) == (checkout.ticket.id, Money(450))
        part = checkout.payment
        assert part is not None
        await app.payments.void(part.request_id)
        app.till.settle()
        again.refresh()
        assert (again.ticket.state, again.due) == (TicketState.OPEN, Money(1250))
        again.abandon()
        assert again.ticket.id != checkout.ticket.id

    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R07")
@pytest.mark.parametrize(("script", "why"), [(asking, "partial_refused"), (signing, "signature_refused")])
def test_what_the_merchant_refuses_is_not_paid_and_given_back(tmp_path: Path, script: Any, why: str) -> None:
    async def sale() -> None:
        _, checkout, acquirer = counter(tmp_path, script)
        acquirer.response_code = b"10" if script is asking else b"00"
        asked = answering(checkout, accepted=False)
        checkout.add_amount(Money(1250))
        await paid(checkout)
        assert len(asked) == 1
        assert checkout.payment is not None and checkout.payment.state is State.REVERSAL_DUE
        assert str(checkout.payment.why).startswith(why)
        assert (checkout.ticket.state, checkout.due, checkout.question) == (TicketState.OPEN, Money(1250), None)

    asyncio.run(sale())


@pytest.mark.covers("faults/R-04", "terminal/T-R10")
def test_the_second_half_of_a_double_click_neither_pays_nor_cancels(tmp_path: Path) -> None:
    async def sale() -> None:
        app, checkout, acquirer = counter(tmp_path, chip_sale)
        acquirer.response_code = b"00"
        checkout.add_amount(Money(1250))
        running = asyncio.create_task(paid(checkout))
        await asyncio.sleep(0)
        checkout.pay()
        await checkout.cancel()
        await running
        reader: Any = app.terminal
        assert len(reader.asked) == 1 and not reader.cancelled.is_set()

    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R06", "services/OP-1")
def test_what_the_merchant_wishes_goes_to_the_reader_and_no_more_than_the_contract_allows(tmp_path: Path) -> None:
    async def sale() -> None:
        for allowed in (False, True):
            app = till(tmp_path / str(allowed))
            checkout = Checkout(app.till, app.payments, at_once, (5, 10), Wishes(tip=allowed), lambda yes=allowed: yes)
            checkout.wish(store_and_forward=True)
            checkout.add_amount(Money(1250))
            await paid(checkout)
            reader: Any = app.terminal
            expected = {"tips": [5, 10], "store_and_forward": "yes"} if allowed else {}
            assert reader.wishes == [expected]

    (tmp_path / "True").mkdir()
    (tmp_path / "False").mkdir()
    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R09")
def test_a_sale_that_is_cancelled_on_the_page_of_payments_is_shown_as_cancelled_at_the_counter(tmp_path: Path) -> None:
    async def sale() -> None:
        app, checkout, acquirer = counter(tmp_path, chip_sale)
        acquirer.response_code = b"00"
        checkout.add_amount(Money(1250))
        await paid(checkout)
        assert checkout.payment is not None
        await app.payments.void(checkout.payment.request_id)
        checkout.refresh()
        assert checkout.payment.state is State.VOIDED
        assert (checkout.ticket.state, checkout.due) == (TicketState.PAID, Money(0)), "what was paid stays written"
        checkout.dismiss()
        await paid(checkout)
        assert len(acquirer.asked) == 1, "a ticket that is closed is not paid again"

    asyncio.run(sale())
