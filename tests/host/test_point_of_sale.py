"""The small till: lines, discounts, VAT to the cent, and a ticket's way to being paid."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host.app import App
from host.money import Money, total
from host.payment.states import State
from host.point_of_sale.errors import (
    DiscountTooHigh,
    EmptyTicket,
    NoReceipt,
    TicketClosed,
    UnknownArticle,
    UnknownLine,
    UnknownTicket,
)
from host.point_of_sale.model import Line, LineKind, Ticket, TicketState, discount_lines, vat_in
from host.terminal.errors import PaymentUnknown
from tests.host.stand_ins import Acquirer, FixedClock, Reader, till

pytestmark = pytest.mark.usefixtures("either_engine")

RATES = (0, 210, 550, 1000, 2000)
LINES = st.lists(
    st.builds(
        lambda price, rate, quantity: Line(LineKind.SALE, "x", "", quantity, Money(price), rate),
        st.integers(1, 100_000),
        st.sampled_from(RATES),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=12,
)


def ticket_of(lines: list[Line]) -> Ticket:
    return Ticket(1, "C1", FixedClock().now(), tuple(lines))


@given(LINES)
def test_net_and_vat_add_up_to_the_cent(lines: list[Line]) -> None:
    ticket = ticket_of(lines)
    assert total([part.net + part.vat for part in ticket.vat()]) == ticket.total


@given(LINES, st.integers(1, 100))
def test_a_discount_is_spread_over_the_rates_to_the_cent(lines: list[Line], percent: int) -> None:
    ticket = ticket_of(lines)
    off = ticket.total.share(percent, 100)
    if not off:
        return
    discounted = ticket_of([*lines, *discount_lines(ticket, off, "Remise")])
    assert discounted.total == ticket.total - off
    assert discounted.discount == -off
    assert all(gross >= Money(0) for gross in discounted.gross_by_rate().values())


@pytest.mark.parametrize(
    ("gross", "rate", "vat"), [(1250, 2000, 208), (180, 1000, 16), (690, 550, 36), (100, 210, 2), (500, 0, 0)]
)
def test_the_vat_in_a_price(gross: int, rate: int, vat: int) -> None:
    assert vat_in(Money(gross), rate) == Money(vat)


@pytest.fixture
def app(tmp_path: Path):
    app = till(tmp_path)
    yield app
    app.database.close()


def article(app: App, label: str) -> int:
    return next(article.id for article in app.till.articles() if article.label == label)


def breakfast(app: App) -> Ticket:
    ticket = app.till.open_ticket()
    app.till.add_article(ticket.id, article(app, "Café"))
    return app.till.add_article(ticket.id, article(app, "Croissant"), 2)


def test_a_new_till_has_a_catalogue_and_keeps_it(app: App) -> None:
    assert [article.label for article in app.till.articles()][:2] == ["Café", "Thé à la menthe"]
    assert app.till.articles() == app.till.articles()


def test_a_ticket_is_paid_and_numbered(app: App) -> None:
    ticket = breakfast(app)
    assert ticket.total == Money(480)
    payment = asyncio.run(app.till.pay(ticket.id))
    paid = app.till.ticket(ticket.id)
    assert payment.approved
    assert (paid.state, paid.number, paid.request_id) == (TicketState.PAID, 1, payment.request_id)
    again = breakfast(app)
    asyncio.run(app.till.pay(again.id))
    assert app.till.ticket(again.id).number == 2


def test_paying_twice_pays_once(app: App) -> None:
    ticket = breakfast(app)

    async def twice() -> list[Any]:
        return await asyncio.gather(app.till.pay(ticket.id), app.till.pay(ticket.id))

    first, second = asyncio.run(twice())
    assert first == second == asyncio.run(app.till.pay(ticket.id))
    assert app.till.ticket(ticket.id).number == 1


def test_a_refused_ticket_opens_again_without_a_number(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(b"51"))
    ticket = breakfast(app)
    assert asyncio.run(app.till.pay(ticket.id)).state is State.DECLINED
    assert app.till.ticket(ticket.id).state is TicketState.OPEN
    app.acquirer.response_code = b"00"
    app.till.add_amount(ticket.id, Money(100))
    assert asyncio.run(app.till.pay(ticket.id)).amount == Money(580)
    assert app.till.ticket(ticket.id).number == 1


def test_while_the_end_is_unknown_the_ticket_stands(tmp_path: Path) -> None:
    async def cut(reader: Reader, request_id: bytes) -> dict:
        reader.result(request_id, "approved")
        raise PaymentUnknown(request_id, None)

    app = till(tmp_path, cut)
    ticket = breakfast(app)
    asyncio.run(app.till.pay(ticket.id))
    assert app.till.ticket(ticket.id).state is TicketState.PAYING
    with pytest.raises(TicketClosed):
        app.till.add_amount(ticket.id, Money(100))
    asyncio.run(app.payments.resolve_unknown())
    app.till.settle()
    assert app.till.ticket(ticket.id).state is TicketState.PAID


@pytest.mark.covers("faults/R-16")
def test_a_till_that_stopped_between_payment_and_ticket_settles_when_it_starts(tmp_path: Path) -> None:
    app = till(tmp_path)
    ticket = breakfast(app)
    app.till._begin_paying(ticket.id)
    asyncio.run(app.payments.take_payment(ticket.total, ticket.order_reference))  # and here it stops
    never_asked = breakfast(app)
    app.till._begin_paying(never_asked.id)
    asyncio.run(app.start())
    assert app.till.ticket(ticket.id).state is TicketState.PAID
    assert app.till.ticket(never_asked.id).state is TicketState.OPEN


@pytest.mark.covers("terminal/LAW-20")
def test_a_line_is_taken_back_and_never_deleted(app: App) -> None:
    ticket = app.till.take_back(breakfast(app).id, 1)
    assert ticket.total == Money(180)
    assert [line.quantity for line in ticket.lines] == [1, 2, -2]
    for wrong in (1, 2, 3, -1):
        with pytest.raises(UnknownLine):
            app.till.take_back(ticket.id, wrong)
    for change in ("UPDATE ticket_line SET quantity = 9", "DELETE FROM ticket_line"):
        with pytest.raises(IntegrityError, match="append-only"), app.database.transaction() as work:
            work.execute(text(change))


def test_a_discount_in_percent(app: App) -> None:
    ticket = app.till.discount_percent(breakfast(app).id, 10)
    assert (ticket.total, ticket.discount) == (Money(432), Money(-48))


def test_what_cannot_be_done_changes_nothing(app: App) -> None:
    ticket = breakfast(app)
    with pytest.raises(DiscountTooHigh):
        app.till.discount(ticket.id, Money(481))
    with pytest.raises(UnknownArticle):
        app.till.add_article(ticket.id, 999)
    with pytest.raises(EmptyTicket):
        app.till.add_amount(ticket.id, Money(0))
    with pytest.raises(NoReceipt):
        app.till.receipt(ticket.id, "customer")
    with pytest.raises(UnknownTicket):
        app.till.ticket(999)
    assert app.till.ticket(ticket.id) == ticket
    empty = app.till.open_ticket()
    with pytest.raises(EmptyTicket):
        asyncio.run(app.till.pay(empty.id))
    app.till.abandon(empty.id)
    with pytest.raises(TicketClosed):
        asyncio.run(app.till.pay(empty.id))
