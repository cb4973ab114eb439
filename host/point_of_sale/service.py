"""The till's work: open a ticket, put lines on it, have it paid, print its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from host.clock import Clock
from host.money import Money, total
from host.payment.errors import InvalidAmount
from host.payment.model import Payment
from host.payment.states import NOT_PAID
from host.point_of_sale.catalogue import CATALOGUE, STANDARD
from host.point_of_sale.errors import EmptyTicket, NoReceipt, TicketClosed, UnknownArticle, UnknownLine, UnknownTicket
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState, discount_lines, ticket_of
from host.point_of_sale.receipts import Receipt, Seller, compose, document, goods, number


class Payments(Protocol):
    async def take_payment(
        self, amount: Money, order_reference: str, *, tips: list[int] | None = None, store_and_forward: bool = False
    ) -> Payment: ...

    def get(self, request_id: bytes) -> Payment: ...

    def of_transaction(self, transaction_id: bytes) -> Payment | None: ...

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

    def record_print(
        self, work: Any, ticket_id: int | None, request_id: bytes, document: str, copy: str, at: datetime
    ) -> int: ...


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

    def current_ticket(self) -> Ticket:
        """The latest of which a part is paid and the rest is due, else a new one."""
        with self._store.transaction() as work:
            due = [ticket for ticket in self._store.paying(work) if ticket.state is TicketState.PART_PAID]
        return due[-1] if due else self.open_ticket()

    async def pay(self, ticket_id: int, *, tips: list[int] | None = None, store_and_forward: bool = False) -> Payment:
        """Have what is due of the ticket paid by card. Pressed twice it is paid once.

        A part that the acquirer approved and the merchant accepted leaves it PART_PAID; the next payment is of the
        rest. `tips`, `store_and_forward`: as PaymentService.take_payment. Raises EmptyTicket, TicketClosed,
        InvalidAmount: the ticket stays as it was.
        """
        ticket = self._begin_paying(ticket_id)
        if ticket.state is TicketState.PAID and ticket.request_id:
            return self._payments.get(ticket.request_id)
        reference, amount = _next_payment(ticket, self.payments_of(ticket))
        try:
            payment = await self._payments.take_payment(
                amount, reference, tips=tips, store_and_forward=store_and_forward
            )
        except InvalidAmount:
            self._settle(ticket_id, None)
            raise
        self._settle(ticket_id, payment)
        return payment

    def payments_of(self, ticket: Ticket) -> list[Payment]:
        """The latest payment under each reference of the order: one, and another for each part that was not all."""
        found: list[Payment] = []
        while payment := self._payments.of_order(ticket.part_reference(len(found) + 1)):
            found.append(payment)
        return found

    def due(self, ticket: Ticket) -> Money:
        """What is left to pay of it, without what is being paid. Once it was paid whole it is over."""
        if ticket.state is TicketState.PAID:
            return Money(0)
        return ticket.total - covered(self.payments_of(ticket))

    def settle(self) -> None:
        """Bring tickets left in mid payment to what their payments became, once those are resolved."""
        with self._store.transaction() as work:
            tickets = self._store.paying(work)
        for ticket in tickets:
            self._settle(ticket.id, self._payments.of_order(ticket.order_reference))

    def receipt(self, ticket_id: int, copy: str, language: str = "fr") -> Receipt:
        """Of the ticket's latest payment, as `receipt_of`. Raises NoReceipt, UnknownTicket."""
        ticket = self.ticket(ticket_id)
        if ticket.request_id is None:
            raise NoReceipt(str(ticket_id))
        return self.receipt_of(ticket.request_id, copy, language)

    def receipt_of(self, request_id: bytes, copy: str, language: str = "fr") -> Receipt:
        """`copy` is customer or merchant. Each print is traced, and from the second on it says DUPLICATA.

        What became of a payment later (completed, cancelled) is another document than what it was. Raises
        UnknownPayment.
        """
        payment = self._payments.get(request_id)
        order = self._order_of(payment)
        others = self.payments_of(order) if order else []
        original = self._original_of(payment)
        with self._store.transaction() as work:
            ticket_id = order.id if order else None
            kind = document(payment)
            before = self._store.record_print(work, ticket_id, request_id, kind, copy, self._clock.now())
        return compose(
            order, payment, self._seller, copy, language, payments=others, original=original, duplicate=before > 0
        )

    def _order_of(self, payment: Payment) -> Ticket | None:
        ticket_id = ticket_of(payment.order_reference)
        return None if ticket_id is None or payment.kind != "purchase" else self.ticket(ticket_id)

    def _original_of(self, payment: Payment) -> str:
        """The sale's ticket that a refund names; empty without one."""
        original = self._payments.of_transaction(payment.original) if payment.original else None
        order = self._order_of(original) if original else None
        return number(order) if order else ""

    def _begin_paying(self, ticket_id: int) -> Ticket:
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            if ticket.state is TicketState.ABANDONED:
                raise TicketClosed(str(ticket_id))
            if ticket.total.amount_minor <= 0:
                raise EmptyTicket(str(ticket_id))
            if ticket.state in (TicketState.OPEN, TicketState.PART_PAID):
                self._store.save_state(work, replace(ticket, state=TicketState.PAYING))
        return ticket

    def _settle(self, ticket_id: int, payment: Payment | None) -> None:
        """`payment` is the latest; None: it never began."""
        ticket = self.ticket(ticket_id)
        if ticket.state not in (TicketState.PAYING, TicketState.PART_PAID):
            return
        payments = self.payments_of(ticket)
        changes: dict[str, Any] = {"state": _state(ticket, payments)}
        if payment is not None:
            changes["request_id"] = payment.request_id
        with self._store.transaction() as work:
            if self._get(work, ticket_id).state is not ticket.state:
                return
            if changes["state"] is TicketState.PAID:
                changes["number"] = self._store.next_number(work, ticket.till)
                changes["paid_at"] = max(paid.ended_at for paid in payments if paid.approved and paid.ended_at)
            self._store.save_state(work, replace(ticket, **changes))

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


def covered(payments: Iterable[Payment]) -> Money:
    """What these pay of the goods: approved, without tips."""
    return total([goods(payment) for payment in payments if payment.approved])


def _next_payment(ticket: Ticket, payments: list[Payment]) -> tuple[str, Money]:
    """Its reference and amount: the one that is not finished, a refused one anew, or another for the rest."""
    for payment in payments:
        if not payment.finished:
            return payment.order_reference, payment.amount
    due = ticket.total - covered(payments)
    refused = (payment.order_reference for payment in payments if payment.state in NOT_PAID)
    return next(refused, ticket.part_reference(len(payments) + 1)), due


def _state(ticket: Ticket, payments: list[Payment]) -> TicketState:
    if any(not payment.finished for payment in payments):
        return TicketState.PAYING
    paid = covered(payments)
    if not paid:
        return TicketState.OPEN
    return TicketState.PAID if paid >= ticket.total else TicketState.PART_PAID


def _opposite(ticket: Ticket, position: int) -> Line:
    if not 0 <= position < len(ticket.lines) or position in ticket.taken_back():
        raise UnknownLine(str(position))
    line = ticket.lines[position]
    if line.kind is LineKind.CORRECTION:
        raise UnknownLine(str(position))
    return replace(line, kind=LineKind.CORRECTION, quantity=-line.quantity, corrects=position)
