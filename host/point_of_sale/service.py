"""The till's work: open a ticket, put lines on it, have it paid, print its receipt."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from host.clock import Clock
from host.money import Money
from host.payment.errors import InvalidAmount
from host.payment.model import Payment
from host.payment.states import NOT_PAID
from host.point_of_sale.catalogue import CATALOGUE, STANDARD
from host.point_of_sale.errors import EmptyTicket, NoReceipt, TicketClosed, UnknownArticle, UnknownLine, UnknownTicket
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState, discount_lines
from host.point_of_sale.receipts import Receipt, Seller, compose


class Payments(Protocol):
    async def take_payment(self, amount: Money, order_reference: str) -> Payment: ...

    def get(self, request_id: bytes) -> Payment: ...

    def of_order(self, order_reference: str) -> Payment | None: ...


class Store(Protocol):
    """`work` is one open database transaction."""

    def transaction(self) -> AbstractContextManager[Any]: ...

    def articles(self, work: Any) -> list[Article]: ...

    def add_article(self, work: Any, label: str, category: str, price: Money, vat_rate: int) -> int: ...

    def open_ticket(self, work: Any, till: str, at: datetime) -> Ticket: ...

    def get(self, work: Any, ticket_id: int) -> Ticket | None: ...

    def paying(self, work: Any) -> list[Ticket]: ...

    def append(self, work: Any, ticket: Ticket, added: list[Line]) -> None: ...

    def save_state(self, work: Any, ticket: Ticket) -> None: ...

    def next_number(self, work: Any, till: str) -> int: ...

    def record_print(self, work: Any, ticket: Ticket, request_id: bytes, copy: str, at: datetime) -> int: ...


class TillService:
    def __init__(self, store: Store, payments: Payments, clock: Clock, seller: Seller) -> None:
        self._store = store
        self._payments = payments
        self._clock = clock
        self._seller = seller

    def articles(self) -> list[Article]:
        """What can be sold; a new till gets the example catalogue."""
        with self._store.transaction() as work:
            if not self._store.articles(work):
                for label, category, price, vat_rate in CATALOGUE:
                    self._store.add_article(work, label, category, price, vat_rate)
            return self._store.articles(work)

    def open_ticket(self) -> Ticket:
        with self._store.transaction() as work:
            return self._store.open_ticket(work, self._seller.till, self._clock.now())

    def ticket(self, ticket_id: int) -> Ticket:
        with self._store.transaction() as work:
            return self._get(work, ticket_id)

    def add_article(self, ticket_id: int, article_id: int, quantity: int = 1) -> Ticket:
        """Raises UnknownArticle, TicketClosed."""
        chosen = [article for article in self.articles() if article.id == article_id]
        if not chosen or quantity < 1:
            raise UnknownArticle(str(article_id))
        article = chosen[0]
        line = Line(LineKind.SALE, article.label, article.category, quantity, article.price, article.vat_rate)
        return self._append(ticket_id, lambda _: [line])

    def add_amount(self, ticket_id: int, amount: Money, label: str = "Divers", vat_rate: int = STANDARD) -> Ticket:
        """An amount typed on the keypad. Raises EmptyTicket for nothing at all, TicketClosed."""
        if amount.amount_minor <= 0:
            raise EmptyTicket(str(ticket_id))
        return self._append(ticket_id, lambda _: [Line(LineKind.SALE, label, "", 1, amount, vat_rate)])

    def take_back(self, ticket_id: int, position: int) -> Ticket:
        """Take a line back by its opposite. Raises UnknownLine, TicketClosed."""
        return self._append(ticket_id, lambda ticket: [_opposite(ticket, position)])

    def discount(self, ticket_id: int, amount: Money, label: str = "Remise") -> Ticket:
        """Raises DiscountTooHigh, TicketClosed."""
        return self._append(ticket_id, lambda ticket: discount_lines(ticket, amount, label))

    def discount_percent(self, ticket_id: int, percent: int, label: str | None = None) -> Ticket:
        """Raises DiscountTooHigh, TicketClosed."""
        label = label or f"Remise {percent} %"
        return self._append(ticket_id, lambda ticket: discount_lines(ticket, ticket.total.share(percent, 100), label))

    def abandon(self, ticket_id: int) -> Ticket:
        """Raises TicketClosed."""
        with self._store.transaction() as work:
            ticket = replace(self._get_open(work, ticket_id), state=TicketState.ABANDONED)
            self._store.save_state(work, ticket)
        return ticket

    async def pay(self, ticket_id: int) -> Payment:
        """Have the ticket paid by card. Pressed twice it is paid once.

        Raises EmptyTicket, TicketClosed, InvalidAmount: the ticket stays as it was.
        """
        ticket = self._begin_paying(ticket_id)
        try:
            payment = await self._payments.take_payment(ticket.total, ticket.order_reference)
        except InvalidAmount:
            self._settle(ticket_id, None)
            raise
        self._settle(ticket_id, payment)
        return payment

    def settle(self) -> None:
        """Bring tickets left in mid payment to what their payments became, once those are resolved."""
        with self._store.transaction() as work:
            tickets = self._store.paying(work)
        for ticket in tickets:
            self._settle(ticket.id, self._payments.of_order(ticket.order_reference))

    def receipt(self, ticket_id: int, copy: str, language: str = "fr") -> Receipt:
        """`copy` is customer or merchant. Each print is traced, and from the second on it says DUPLICATA.

        Raises NoReceipt, UnknownTicket.
        """
        ticket = self.ticket(ticket_id)
        if ticket.request_id is None:
            raise NoReceipt(str(ticket_id))
        payment = self._payments.get(ticket.request_id)
        with self._store.transaction() as work:
            before = self._store.record_print(work, ticket, payment.request_id, copy, self._clock.now())
        return compose(ticket, payment, self._seller, copy, language, duplicate=before > 0)

    def _begin_paying(self, ticket_id: int) -> Ticket:
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            if ticket.state is TicketState.ABANDONED:
                raise TicketClosed(str(ticket_id))
            if ticket.total.amount_minor <= 0:
                raise EmptyTicket(str(ticket_id))
            if ticket.state is TicketState.OPEN:
                self._store.save_state(work, replace(ticket, state=TicketState.PAYING))
        return ticket

    def _settle(self, ticket_id: int, payment: Payment | None) -> None:
        """None: the payment never began."""
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            if ticket.state is not TicketState.PAYING:
                return
            request_id = payment.request_id if payment else ticket.request_id
            if payment is None or payment.state in NOT_PAID:
                ticket = replace(ticket, state=TicketState.OPEN, request_id=request_id)
            elif payment.approved:
                number = self._store.next_number(work, ticket.till)
                ticket = replace(
                    ticket, state=TicketState.PAID, number=number, paid_at=payment.ended_at, request_id=request_id
                )
            else:
                ticket = replace(ticket, request_id=request_id)
            self._store.save_state(work, ticket)

    def _append(self, ticket_id: int, added: Any) -> Ticket:
        with self._store.transaction() as work:
            ticket = self._get_open(work, ticket_id)
            self._store.append(work, ticket, added(ticket))
            return self._get(work, ticket_id)

    def _get_open(self, work: Any, ticket_id: int) -> Ticket:
        ticket = self._get(work, ticket_id)
        if ticket.state is not TicketState.OPEN:
            raise TicketClosed(str(ticket_id))
        return ticket

    def _get(self, work: Any, ticket_id: int) -> Ticket:
        ticket = self._store.get(work, ticket_id)
        if ticket is None:
            raise UnknownTicket(str(ticket_id))
        return ticket


def _opposite(ticket: Ticket, position: int) -> Line:
    if not 0 <= position < len(ticket.lines) or position in ticket.taken_back():
        raise UnknownLine(str(position))
    line = ticket.lines[position]
    if line.kind is LineKind.CORRECTION:
        raise UnknownLine(str(position))
    return replace(line, kind=LineKind.CORRECTION, quantity=-line.quantity, corrects=position)
