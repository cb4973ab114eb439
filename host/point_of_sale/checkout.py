"""The sale in progress at one counter: ticket, running payment, its end. Knows no screen; screens listen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from host.money import Money, total
from host.payment.errors import InvalidAmount
from host.payment.model import Payment
from host.point_of_sale.errors import EmptyTicket
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState
from host.point_of_sale.receipts import Receipt

REQUESTED = "requested"  # before the reader's first phase
ENDED = "ended"


class Sales(Protocol):
    """What a counter asks of point_of_sale.service.TillService."""

    def articles(self) -> list[Article]: ...

    def open_ticket(self) -> Ticket: ...

    def ticket(self, ticket_id: int) -> Ticket: ...

    def add_article(self, ticket_id: int, article_id: int) -> Ticket: ...

    def add_amount(self, ticket_id: int, amount: Money) -> Ticket: ...

    def take_back(self, ticket_id: int, position: int) -> Ticket: ...

    def discount_percent(self, ticket_id: int, percent: int) -> Ticket: ...

    def abandon(self, ticket_id: int) -> Ticket: ...

    async def pay(self, ticket_id: int) -> Payment: ...

    def receipt(self, ticket_id: int, copy: str, language: str) -> Receipt: ...


class Payments(Protocol):
    def listen(self, listener: Callable[[Payment, str], None]) -> Callable[[], None]: ...

    async def cancel(self) -> None: ...


@dataclass(frozen=True)
class Row:
    """Lines of one article, or of one discount, shown as one. `positions` are theirs on the ticket."""

    label: str
    kind: LineKind
    unit_price: Money
    quantity: int
    total: Money
    positions: tuple[int, ...]


def rows(ticket: Ticket) -> list[Row]:
    """What is on the ticket, in order; lines taken back and their opposites are left out."""
    gone = ticket.taken_back()
    found: dict[tuple, list[tuple[int, Line]]] = {}
    for position, line in enumerate(ticket.lines):
        if position not in gone and line.kind is not LineKind.CORRECTION:
            price = line.unit_price if line.kind is LineKind.SALE else None  # a discount has a line for each VAT rate
            found.setdefault((line.kind, line.label, price), []).append((position, line))
    return [_row(same) for same in found.values()]


def _row(same: list[tuple[int, Line]]) -> Row:
    first = same[0][1]
    quantity = sum(line.quantity for _, line in same)
    positions = tuple(position for position, _ in same)
    return Row(first.label, first.kind, first.unit_price, quantity, total([line.total for _, line in same]), positions)


class Checkout:
    """`reader_free` waits until nobody else asks the reader anything: it serves one at a time, and refuses others."""

    def __init__(self, sales: Sales, payments: Payments, reader_free: Callable[[], Awaitable[None]]) -> None:
        self._sales = sales
        self._payments = payments
        self._reader_free = reader_free
        self.articles = sales.articles()
        self.ticket = sales.open_ticket()
        self.phases: list[str] = []  # of the running payment, the last one is now; empty: none runs
        self.payment: Payment | None = None  # as it ended
        self.refusal = ""  # why none was begun: a key of host/terminal/words.py
        self._receipts: dict[tuple[str, str], Receipt] = {}  # looking twice is not printing twice
        self._paying: asyncio.Task | None = None
        self._listeners: list[Callable[[], None]] = []
        payments.listen(self._step)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add_article(self, article: Article) -> None:
        if self._ready_for_lines():
            self._change(self._sales.add_article(self.ticket.id, article.id))

    def add_amount(self, amount: Money) -> None:
        if amount and self._ready_for_lines():
            self._change(self._sales.add_amount(self.ticket.id, amount))

    def take_back(self, row: Row) -> None:
        """One of an article's pieces; the whole of a discount."""
        for position in row.positions[-1:] if row.kind is LineKind.SALE else row.positions:
            self.ticket = self._sales.take_back(self.ticket.id, position)
        self._tell()

    def discount(self, percent: int) -> None:
        self._change(self._sales.discount_percent(self.ticket.id, percent))

    def abandon(self) -> None:
        self._sales.abandon(self.ticket.id)
        self.new_sale()

    def new_sale(self) -> None:
        self.payment, self.refusal = None, ""
        self._change(self._sales.open_ticket())

    def back_to_ticket(self) -> None:
        self.payment = None
        self._tell()

    def pay(self) -> None:
        """Have the ticket paid, or ask again how its payment ended; a payment that runs goes on."""
        if self._paying is None:
            self.payment, self.phases, self._receipts, self.refusal = None, [REQUESTED], {}, ""
            self._paying = asyncio.create_task(self._pay())
            self._tell()

    async def cancel(self) -> None:
        """Ask the reader to give up; the payment tells whether that came in time."""
        await self._payments.cancel()

    def receipt(self, copy: str, language: str) -> Receipt:
        """Of the payment that ended; `copy` is customer or merchant."""
        if (copy, language) not in self._receipts:
            self._receipts[copy, language] = self._sales.receipt(self.ticket.id, copy, language)
        return self._receipts[copy, language]

    def _ready_for_lines(self) -> bool:
        """After a paid ticket comes the next one; while one is being paid, its lines stand."""
        if self.ticket.state is TicketState.PAID:
            self.new_sale()
        self.payment = None if self.ticket.state is TicketState.OPEN else self.payment
        self.refusal = ""
        return self.ticket.state is TicketState.OPEN and self._paying is None

    async def _pay(self) -> None:
        try:
            await self._reader_free()
            self.payment = await self._sales.pay(self.ticket.id)
        except (EmptyTicket, InvalidAmount) as error:
            self.refusal = error.code
        finally:
            self._paying, self.phases = None, []
            self._change(self._sales.ticket(self.ticket.id))

    def _step(self, payment: Payment, phase: str) -> None:
        if self._paying and phase != ENDED and payment.order_reference == self.ticket.order_reference:
            self.phases.append(phase)
            self._tell()

    def _change(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
