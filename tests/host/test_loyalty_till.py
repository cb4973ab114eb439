"""Members at the till: their card earns, rewards come off the ticket, what comes back takes its points along."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.app import App
from host.loyalty.errors import NotConfirmed, TooFewPoints
from host.loyalty.model import Counter, Enrolment, LegalClass, Reduction, Reward, RewardKind
from host.money import Money, total
from host.point_of_sale.baskets import basket, return_lines, reward_lines, sold
from host.point_of_sale.errors import NoMember, NotReturnable
from host.point_of_sale.model import Line, LineKind, Ticket, TicketState, discount_lines
from tests.host.loyalty_bench import NUMBER, PROGRAMME
from tests.host.stand_ins import TOKEN, FixedClock, till

CUP, WINE, BOOK = "Tasse «\u00a0Zinc\u00a0»", "Verre de bourgogne", "L’Écume des jours"


def counter(folder: Path) -> App:
    """A till with a programme, whose alcohol and books are classed."""
    app = till(folder)
    app.till.articles()
    app.till.classify("Alcools", LegalClass.ALCOHOL)
    app.till.classify("Livres", LegalClass.BOOK)
    app.loyalty.programmes.publish(PROGRAMME, app.till.classes())
    return app


def ticket_of(app: App, **articles: int) -> Ticket:
    """cup, wine, book: how many of each."""
    ids = {article.label: article.id for article in app.till.articles()}
    ticket = app.till.open_ticket()
    for name, quantity in articles.items():
        ticket = app.till.add_article(ticket.id, ids[{"cup": CUP, "wine": WINE, "book": BOOK}[name]], quantity)
    return ticket


def pay(app: App, ticket: Ticket) -> Ticket:
    asyncio.run(app.till.pay(ticket.id))
    return app.till.ticket(ticket.id)


def member(app: App) -> str:
    """Whoever holds the card of all payments here."""
    app.loyalty.joining.enrol(Enrolment("", NUMBER, None, False, "fr", TOKEN))
    with app.database.transaction() as work:
        client = app.loyalty._store.clients.recognise(work, TOKEN).client
        event = work.exec_driver_sql("SELECT event_id FROM loyalty_code").scalar_one()
    assert client is not None
    return app.loyalty.joining.sign_in(NUMBER, app.messages.code(event))


def points(app: App) -> int:
    view = app.loyalty.greeting(TOKEN)
    return view.balances.get(Counter.POINTS, 0) if hasattr(view, "balances") else 0  # type: ignore[union-attr]


def rich(app: App) -> str:
    who = member(app)
    pay(app, ticket_of(app, cup=10))
    assert points(app) == 125
    return who


@pytest.mark.covers("terminal/LAW-15")
def test_a_paid_ticket_earns_once_and_not_on_its_wine(tmp_path: Path) -> None:
    app = counter(tmp_path)
    member(app)
    pay(app, ticket_of(app, cup=2, wine=9))
    assert points(app) == 25
    app.till.settle()
    assert points(app) == 25


def test_a_reward_is_a_discount_of_one_key_and_is_spent_with_the_ticket(tmp_path: Path) -> None:
    app = counter(tmp_path)
    who = rich(app)
    ticket = ticket_of(app, cup=1, wine=1)
    with pytest.raises(NoMember):
        app.till.use_reward(ticket.id, "five")
    app.till.show_member(ticket.id, who)
    ticket = app.till.use_reward(ticket.id, "five")
    assert ticket.total == Money(1250 + 550 - 500)
    assert [(line.label, line.total, line.legal_class) for line in ticket.lines[2:]] == [
        ("Remise fidélité", Money(-500), LegalClass.ORDINARY)
    ]
    assert points(app) == 25
    with pytest.raises(TooFewPoints):
        app.till.use_reward(ticket.id, "five")
    paid = pay(app, ticket)
    assert paid.state is TicketState.PAID
    assert points(app) == 25 + 7, "what was taken off earns nothing, nor does the wine"
    rows = [row.cells for row in app.till.receipt(paid.id, "customer").rows]
    assert any("Remise fidélité" in cells[0] for cells in rows if cells)


@pytest.mark.parametrize("how", ["take_back", "abandon"])
def test_a_reward_that_is_not_used_is_given_back(tmp_path: Path, how: str) -> None:
    app = counter(tmp_path)
    who = rich(app)
    ticket = ticket_of(app, cup=1)
    app.till.show_member(ticket.id, who)
    app.till.use_reward(ticket.id, "five")
    if how == "take_back":
        assert app.till.take_back(ticket.id, 1).total == Money(1250)
    app.till.abandon(ticket.id)
    assert points(app) == 125


def test_who_has_not_confirmed_the_number_uses_nothing(tmp_path: Path) -> None:
    app = counter(tmp_path)
    enrolled = app.loyalty.joining.enrol(Enrolment("", NUMBER, None, False, "fr", TOKEN))
    ticket = ticket_of(app, cup=1)
    app.till.show_member(ticket.id, enrolled.member_id)
    with pytest.raises(NotConfirmed):
        app.till.use_reward(ticket.id, "five")
    assert app.till.ticket(ticket.id).total == Money(1250)


@pytest.mark.covers("services/HL-3")
def test_what_comes_back_takes_its_points_along_and_is_refunded_once(tmp_path: Path) -> None:
    app = counter(tmp_path)
    member(app)
    sale = pay(app, ticket_of(app, cup=3))
    assert points(app) == 37
    back = app.till.returns.open(sale.id, {0: 1})
    assert (back.total, back.returns) == (Money(-1250), sale.id)
    for _ in range(2):
        payment = asyncio.run(app.till.returns.give_back(back.id))
        assert (payment.kind, payment.paid, payment.approved) == ("refund", Money(1250), True)
    assert points(app) == 25
    assert app.till.ticket(back.id).state is TicketState.PAID
    for wrong in ({0: 3}, {1: 1}, {0: 0}, {}):
        with pytest.raises(NotReturnable):
            app.till.returns.open(sale.id, wrong)
    rest = app.till.returns.open(sale.id, {0: 2})
    with pytest.raises(NotReturnable):
        app.till.returns.open(sale.id, {0: 1})
    app.till.settle()
    asyncio.run(app.till.returns.give_back(rest.id))
    assert points(app) == 0


@pytest.mark.covers("services/HL-3")
def test_a_cancelled_sale_earned_nothing_and_its_reward_is_given_back(tmp_path: Path) -> None:
    app = counter(tmp_path)
    who = rich(app)
    ticket = ticket_of(app, cup=2)
    app.till.show_member(ticket.id, who)
    sale = pay(app, app.till.use_reward(ticket.id, "five"))
    assert points(app) == 25 + 20
    asyncio.run(app.payments.void(sale.request_id or b""))
    for _ in range(2):
        app.till.settle()
    assert app.till.ticket(sale.id).state is TicketState.CANCELLED
    assert app.till.due(app.till.ticket(sale.id)) == Money(0)
    assert points(app) == 125
    with app.database.transaction() as work:
        assert app.loyalty._store.clients.get(work, who).visits == 1


def test_a_till_that_died_after_the_payment_books_the_visit_when_it_starts(tmp_path: Path) -> None:
    app = counter(tmp_path)
    member(app)
    ticket = ticket_of(app, cup=1)
    settle = app.till._settle
    app.till._settle = lambda *_: None  # type: ignore[method-assign]
    asyncio.run(app.till.pay(ticket.id))
    assert points(app) == 0
    app.till._settle = settle  # type: ignore[method-assign]
    app.till.settle()
    assert points(app) == 12


LINES = st.lists(
    st.builds(
        lambda price, rate, quantity, legal_class: Line(
            LineKind.SALE, "x", "x", quantity, Money(price), rate, None, legal_class
        ),
        st.integers(1, 10_000),
        st.sampled_from((550, 2000)),
        st.integers(1, 5),
        st.sampled_from((LegalClass.ORDINARY, LegalClass.BOOK)),
    ),
    min_size=1,
    max_size=6,
)
REWARD = Reward("r", RewardKind.REDUCTION, Counter.POINTS, 1, "Fidélité", Money(1))


@given(LINES, st.integers(0, 100), st.data())
def test_returns_of_a_discounted_ticket_add_up_to_what_was_paid(lines: list[Line], percent: int, data: Any) -> None:
    ticket = Ticket(1, "C1", FixedClock().now(), tuple(lines), TicketState.PAID)
    if off := ticket.total.share(percent, 100):
        ticket = replace(ticket, lines=(*ticket.lines, *discount_lines(ticket, off, "Remise")))
    parts = tuple((index, each.paid.share(1, 3)) for index, each in enumerate(sold(ticket)) if each.paid.share(1, 3))
    ticket = replace(ticket, lines=(*ticket.lines, *reward_lines(ticket, Reduction(REWARD, parts), "C1-1.9")))
    assert total([item.paid for item in basket(ticket)]) == ticket.total
    returned: dict[int, int] = {}
    given_back = Money(0)
    for position, line in enumerate(lines):
        before = data.draw(st.integers(0, line.quantity))
        for quantity in (before, line.quantity - before):
            given_back -= total([each.total for each in return_lines(ticket, returned, {position: quantity})])
            returned[position] = returned.get(position, 0) + quantity
            left = total([item.paid for item in basket(ticket, returned)])
            assert given_back + left == ticket.total
    assert given_back == ticket.total
