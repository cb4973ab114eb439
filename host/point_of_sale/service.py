"""The till's work: open a ticket, put lines on it, have it paid, print its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from host.clock import Clock
from host.loyalty.model import LegalClass
from host.money import Money, total
from host.payment.errors import InvalidAmount
from host.payment.model import Payment
from host.payment.states import NOT_PAID
from host.point_of_sale.catalogue import CATALOGUE, STANDARD
from host.point_of_sale.errors import EmptyTicket, NoReceipt, TicketClosed, UnknownArticle, UnknownLine, UnknownTicket
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState, discount_lines, ticket_of
from host.point_of_sale.ports import Payments, Store
from host.point_of_sale.receipts import Receipt, Seller, compose, document, goods, number
from host.point_of_sale.returns import Returns
from host.point_of_sale.rewards import Loyalty, Rewards

VOIDABLE = timedelta(days=31)  # a payment cannot be cancelled once its day is closed, which is sooner


class TillService:
    def __init__(
        self, store: Store, payments: Payments, clock: Clock, seller: Seller, loyalty: Loyalty | None = None
    ) -> None:
        self._store = store
        self._payments = payments
        self._clock = clock
        self._seller = seller
        self._rewards = Rewards(loyalty, clock)
        self.returns = Returns(store, payments, clock, self._rewards)

    def articles(self) -> list[Article]:
        """What can be sold; a new till gets the example catalogue."""
        with self._store.transaction() as work:
            if not self._store.articles(work):
                for label, category, price, vat_rate in CATALOGUE:
                    self._store.add_article(work, label, category, price, vat_rate)
            return self._store.articles(work)

    def classes(self) -> dict[str, LegalClass]:
        """What the law says of each category of articles that was classed."""
        with self._store.transaction() as work:
            return self._store.classes(work)

    def classify(self, category: str, legal_class: LegalClass) -> None:
        with self._store.transaction() as work:
            self._store.classify(work, category, legal_class)

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
        facts = (quantity, article.price, article.vat_rate, None, article.legal_class)
        return self._append(ticket_id, lambda _: [Line(LineKind.SALE, article.label, article.category, *facts)])

    def add_amount(self, ticket_id: int, amount: Money, label: str = "Divers", vat_rate: int = STANDARD) -> Ticket:
        """An amount typed on the keypad. Raises EmptyTicket for nothing at all, TicketClosed."""
        if amount.amount_minor <= 0:
            raise EmptyTicket(str(ticket_id))
        return self._append(ticket_id, lambda _: [Line(LineKind.SALE, label, "", 1, amount, vat_rate)])

    def take_back(self, ticket_id: int, position: int) -> Ticket:
        """Take a line back by its opposite; of a reward all its lines, and its points are given back. Raises
        UnknownLine, TicketClosed."""
        with self._store.transaction() as work:
            ticket = self._get_open(work, ticket_id)
            lines = _opposites(ticket, position)
            self._store.append(work, ticket, lines)
            self._rewards.give_back(work, lines)
            return self._get(work, ticket_id)

    def show_member(self, ticket_id: int, member_id: str | None) -> Ticket:
        """Whose points may be used on it, as host/loyalty knows them. Raises TicketClosed."""
        with self._store.transaction() as work:
            ticket = replace(self._get_open(work, ticket_id), member_id=member_id)
            self._store.save_state(work, ticket)
            return ticket

    def use_reward(self, ticket_id: int, reward_id: str) -> Ticket:
        """What the member's points buy comes off the ticket. Raises TicketClosed, NoMember, and LoyaltyError."""
        with self._store.transaction() as work:
            ticket = self._get_open(work, ticket_id)
            self._store.append(work, ticket, self._rewards.lines(work, ticket, reward_id))
            return self._get(work, ticket_id)

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
            self._rewards.give_back(work, ticket.lines)
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
        if ticket.state in (TicketState.PAID, TicketState.CANCELLED):
            return Money(0)
        return ticket.total - covered(self.payments_of(ticket))

    def settle(self) -> None:
        """Bring tickets to what became of their payments: resolved after a crash, or cancelled."""
        with self._store.transaction() as work:
            tickets = self._store.paying(work)
            undone = self._store.undone(work, self._clock.now() - VOIDABLE)
        for ticket in tickets:
            if ticket.returns is None:
                self._settle(ticket.id, self._payments.of_order(ticket.order_reference))
            else:
                self.returns.settle(ticket.id)
        for ticket in undone:
            if not covered(self.payments_of(ticket)):
                self._cancel(ticket.id)

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
            if ticket.state in (TicketState.ABANDONED, TicketState.CANCELLED):
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
            settled = replace(ticket, **changes)
            self._store.save_state(work, settled)
            if settled.state is TicketState.PAID:
                self._rewards.paid(work, settled, payments)

    def _cancel(self, ticket_id: int) -> None:
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            if ticket.state is TicketState.PAID:
                self._store.save_state(work, replace(ticket, state=TicketState.CANCELLED))
                self._rewards.cancelled(work, ticket)

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


def _opposites(ticket: Ticket, position: int) -> list[Line]:
    first = _opposite(ticket, position)
    if first.reward is None:
        return [first]
    same = [other for other, line in enumerate(ticket.lines) if line.reward == first.reward]
    return [_opposite(ticket, other) for other in same]


def _opposite(ticket: Ticket, position: int) -> Line:
    if not 0 <= position < len(ticket.lines) or position in ticket.taken_back():
        raise UnknownLine(str(position))
    line = ticket.lines[position]
    if line.kind is LineKind.CORRECTION:
        raise UnknownLine(str(position))
    return replace(line, kind=LineKind.CORRECTION, quantity=-line.quantity, corrects=position)
