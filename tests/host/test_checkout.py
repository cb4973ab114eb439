"""The sale in progress at the counter, without a screen: what is shown of a ticket, and when a payment may begin."""

from __future__ import annotations

import asyncio
from pathlib import Path

from host.app import App
from host.money import Money
from host.payment.states import State
from host.point_of_sale.checkout import Checkout, rows
from host.point_of_sale.model import TicketState
from host.point_of_sale.turn import REQUESTED
from host.terminal.words import ERRORS
from tests.host.stand_ins import Acquirer, till


async def at_once() -> None:
    pass


async def paid(checkout: Checkout) -> list[list[str]]:
    """Pay and wait for the end: the phases as they were shown."""
    shown: list[list[str]] = []
    ended = asyncio.Event()

    def look() -> None:
        shown.append(list(checkout.phases))
        if checkout.payment is not None:
            ended.set()

    stop = checkout.listen(look)
    checkout.pay()
    async with asyncio.timeout(20):
        await ended.wait()
    stop()
    return shown


async def refused(checkout: Checkout) -> None:
    told = asyncio.Event()
    stop = checkout.listen(lambda: told.set() if checkout.refusal and not checkout.phases else None)
    checkout.pay()
    async with asyncio.timeout(20):
        await told.wait()
    stop()


def counter(folder: Path, acquirer: Acquirer | None = None) -> tuple[App, Checkout]:
    app = till(folder, acquirer=acquirer)
    return app, Checkout(app.till, app.payments, at_once)


def test_pieces_of_one_article_are_one_row_and_corrections_are_not_shown(tmp_path: Path) -> None:
    _, checkout = counter(tmp_path)
    coffee, tea, *_ = checkout.articles
    for article in (coffee, tea, coffee):
        checkout.add_article(article)
    assert [(row.label, row.quantity) for row in rows(checkout.ticket)] == [(coffee.label, 2), (tea.label, 1)]
    checkout.take_back(rows(checkout.ticket)[0])
    checkout.take_back(rows(checkout.ticket)[1])
    assert [(row.label, row.quantity) for row in rows(checkout.ticket)] == [(coffee.label, 1)]
    assert checkout.ticket.total == coffee.price
    assert len(checkout.ticket.lines) == 5, "what was taken back is still written"


def test_a_discount_is_one_row_over_all_vat_rates_and_goes_as_a_whole(tmp_path: Path) -> None:
    _, checkout = counter(tmp_path)
    coffee, mug = checkout.articles[0], checkout.articles[7]
    assert coffee.vat_rate != mug.vat_rate
    checkout.add_article(coffee)
    checkout.add_article(mug)
    checkout.discount(10)
    *_, discount = rows(checkout.ticket)
    assert (len(rows(checkout.ticket)), discount.total) == (3, -(coffee.price + mug.price).share(10, 100))
    checkout.take_back(discount)
    assert checkout.ticket.total == coffee.price + mug.price


def test_phases_are_shown_as_they_come_and_the_receipt_is_printed_once(tmp_path: Path) -> None:
    async def sale() -> None:
        _, checkout = counter(tmp_path)
        checkout.add_amount(Money(1250))
        shown = await paid(checkout)
        assert shown[0] == [REQUESTED] and shown[1] == [REQUESTED, "accepted"]
        assert checkout.payment is not None and checkout.payment.state is State.APPROVED
        assert checkout.ticket.state is TicketState.PAID
        assert checkout.receipt("customer", "fr") is checkout.receipt("customer", "fr"), "looked at again: no duplicate"

    asyncio.run(sale())


def test_after_a_paid_ticket_comes_the_next_one(tmp_path: Path) -> None:
    async def sale() -> None:
        _, checkout = counter(tmp_path)
        checkout.add_amount(Money(1250))
        await paid(checkout)
        before = checkout.ticket.id
        checkout.add_article(checkout.articles[0])
        assert checkout.ticket.id != before and checkout.payment is None
        assert checkout.ticket.total == checkout.articles[0].price

    asyncio.run(sale())


def test_a_refused_ticket_can_be_paid_again(tmp_path: Path) -> None:
    async def sale() -> None:
        acquirer = Acquirer(b"51")
        _, checkout = counter(tmp_path, acquirer)
        checkout.add_amount(Money(1250))
        await paid(checkout)
        assert checkout.payment is not None and checkout.payment.state is State.DECLINED
        assert checkout.ticket.state is TicketState.OPEN
        acquirer.response_code = b"00"
        await paid(checkout)
        assert checkout.payment.state is State.APPROVED

    asyncio.run(sale())


def test_an_amount_that_cannot_be_is_refused_in_words_and_the_ticket_stays_open(tmp_path: Path) -> None:
    async def sale() -> None:
        _, checkout = counter(tmp_path)
        for amount_minor, refusal in ((0, "amount_zero"), (10**12, "amount_above_limit")):
            checkout.add_amount(Money(amount_minor))
            await refused(checkout)
            assert (checkout.refusal, checkout.payment, checkout.phases) == (refusal, None, [])
            assert checkout.ticket.state is TicketState.OPEN
            assert refusal in ERRORS
        checkout.take_back(rows(checkout.ticket)[0])
        checkout.add_amount(Money(1250))
        assert checkout.refusal == ""
        await paid(checkout)
        assert checkout.payment is not None and checkout.payment.state is State.APPROVED

    asyncio.run(sale())


def test_lines_stand_while_the_ticket_is_paid(tmp_path: Path) -> None:
    async def sale() -> None:
        app = till(tmp_path)
        free = asyncio.Event()

        async def reader_free() -> None:
            await free.wait()

        checkout = Checkout(app.till, app.payments, reader_free)
        checkout.add_amount(Money(1250))
        running = asyncio.create_task(paid(checkout))
        await asyncio.sleep(0)
        checkout.add_amount(Money(100))
        checkout.pay()
        assert checkout.phases == [REQUESTED] and checkout.ticket.total == Money(1250)
        free.set()
        await running
        assert checkout.payment is not None and checkout.payment.amount == Money(1250)

    asyncio.run(sale())
