"""The sale in progress at one counter: ticket, running payment, its end. Knows no screen; screens listen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from host.money import Money, total
from host.payment.model import Payment
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState, ticket_of
from host.point_of_sale.receipts import Receipt
from host.point_of_sale.turn import Payments, Turn


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

    def current_ticket(self) -> Ticket: ...

    def due(self, ticket: Ticket) -> Money: ...

    async def pay(
        self, ticket_id: int, *, tips: list[int] | None = None, store_and_forward: bool = False
    ) -> Payment: ...

    def receipt(self, ticket_id: int, copy: str, language: str) -> Receipt: ...


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


@dataclass
class Wishes:
    """How the merchant wants the next payments taken."""

    tip: bool = False
    store_and_forward: bool = False


class Checkout(Turn):
    def __init__(
        self,
        sales: Sales,
        payments: Payments,
        reader_free: Callable[[], Awaitable[None]],
        tips: tuple[int, ...] = (),
        wishes: Wishes | None = None,
        offline_allowed: Callable[[], bool] = lambda: False,
    ) -> None:
        """tips: percentages that are offered where the merchant wants it. offline_allowed: by the contract."""
        super().__init__(payments, reader_free)
        self._sales = sales
        self.articles = sales.articles()
        self.ticket = sales.current_ticket()
        self.due = sales.due(self.ticket)
        self.tips = tips
        self.wishes = wishes or Wishes()
        self.offline_allowed = offline_allowed
        self._receipts: dict[tuple[str, str], Receipt] = {}  # looking twice is not printing twice

    def add_article(self, article: Article) -> None:
        if self._ready_for_lines():
            self._change(self._sales.add_article(self.ticket.id, article.id))

    def add_amount(self, amount: Money) -> None:
        if amount and self._ready_for_lines():
            self._change(self._sales.add_amount(self.ticket.id, amount))

    def take_back(self, row: Row) -> None:
        """One of an article's pieces; the whole of a discount."""
        for position in row.positions[-1:] if row.kind is LineKind.SALE else row.positions:
            if position not in self.ticket.taken_back():  # a reward goes whole
                self.ticket = self._sales.take_back(self.ticket.id, position)
        self._change(self.ticket)

    def changed(self, ticket: Ticket | None = None) -> None:
        """The ticket is as the desk of members made it; None: something else that screens show."""
        self._tell() if ticket is None else self._change(ticket)

    def discount(self, percent: int) -> None:
        self._change(self._sales.discount_percent(self.ticket.id, percent))

    def abandon(self) -> None:
        self._sales.abandon(self.ticket.id)
        self.new_sale()

    def new_sale(self) -> None:
        self.payment, self.refusal = None, ""
        self._change(self._sales.open_ticket())

    def wish(self, **wishes: bool) -> None:
        self.wishes = replace(self.wishes, **wishes)
        self._tell()

    def pay(self) -> None:
        """Have the ticket paid, or ask again how its payment ended; a payment that runs goes on."""
        if self._running is None:
            self._receipts = {}
            self._begin(self.ticket.order_reference, self.due, self._pay)

    async def _pay(self) -> Payment:
        offline = self.wishes.store_and_forward and self.offline_allowed()
        tips = list(self.tips) if self.wishes.tip else None
        return await self._sales.pay(self.ticket.id, tips=tips, store_and_forward=offline)

    def refresh(self) -> None:
        """A payment of the ticket was changed elsewhere: cancelled, or its end came to be known."""
        if self._running is not None:
            return
        if self.payment is not None:
            now = self._payments.get(self.payment.request_id)
            self._receipts = self._receipts if now == self.payment else {}
            self.payment = now
        self._over()
        self._tell()

    def receipt(self, copy: str, language: str) -> Receipt:
        """Of the payment that ended; `copy` is customer or merchant."""
        if (copy, language) not in self._receipts:
            self._receipts[copy, language] = self._sales.receipt(self.ticket.id, copy, language)
        return self._receipts[copy, language]

    def _ready_for_lines(self) -> bool:
        """After a paid ticket comes the next one; while one is being paid, its lines stand."""
        if self.ticket.state in (TicketState.PAID, TicketState.CANCELLED):
            self.new_sale()
        self.payment = None if self.ticket.state is TicketState.OPEN else self.payment
        self.refusal = ""
        return self.ticket.state is TicketState.OPEN and self._running is None

    def _is_ours(self, order_reference: str) -> bool:
        return ticket_of(order_reference) == self.ticket.id

    def _over(self) -> None:
        self.ticket = self._sales.ticket(self.ticket.id)
        self.due = self._sales.due(self.ticket)

    def _change(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.due = ticket.total
        self._tell()
