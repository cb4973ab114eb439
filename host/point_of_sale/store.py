"""The till's tables; triggers refuse to change lines and the trace of prints (terminal/LAW-20, LAW-26)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    select,
)

from host.database import Database, UtcDateTime, Work, hold, metadata
from host.loyalty.model import LegalClass
from host.money import CURRENCIES, Money
from host.payment.states import State
from host.payment.store import payments
from host.point_of_sale.model import Article, Line, LineKind, Ticket, TicketState

articles = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label", String(40), nullable=False),
    Column("category", String(40), nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("vat_rate", Integer, nullable=False),
)
categories = Table(
    "article_category",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("legal_class", String(16), nullable=False),
)
tickets = Table(
    "ticket",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("till", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("number", Integer),
    Column("paid_at", UtcDateTime),
    Column("request_id", LargeBinary(8)),
    Column("member_id", String(32)),
    Column("returns", Integer, index=True),  # ticket.id
    UniqueConstraint("till", "number", name="ticket_number_once"),
    Index("ticket_paid", "paid_at"),
    Index("ticket_in_state", "state", "paid_at"),
)
lines = Table(
    "ticket_line",
    metadata,
    Column("ticket_id", Integer, ForeignKey("ticket.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("label", String(40), nullable=False),
    Column("category", String(40), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("vat_rate", Integer, nullable=False),
    Column("corrects", Integer),
    Column("legal_class", String(16), nullable=False, server_default="ordinary"),
    Column("reward", String(80)),
)
prints = Table(
    "receipt_print",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", Integer, ForeignKey("ticket.id")),
    Column("request_id", LargeBinary(8), nullable=False),
    Column("document", String(16), nullable=False),
    Column("copy", String(16), nullable=False),
    Column("printed_at", UtcDateTime, nullable=False),
    Index("receipt_print_of_ticket", "ticket_id"),
    Index("receipt_print_of_document", "request_id", "document", "copy"),
)
IN_PAYMENT = [str(TicketState.PAYING), str(TicketState.PART_PAID)]
PAYING = select(tickets).where(tickets.c.state.in_(IN_PAYMENT)).order_by(tickets.c.id)
UNDONE = (
    select(tickets)
    .join(payments, payments.c.request_id == tickets.c.request_id)
    .where(payments.c.state == State.VOIDED, tickets.c.state == TicketState.PAID)
    .where(tickets.c.paid_at >= bindparam("since"))
    .order_by(tickets.c.id)
)


class TillStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()

    def articles(self, work: Work) -> list[Article]:
        of_category = articles.outerjoin(categories, categories.c.name == articles.c.category)
        every = select(articles, categories.c.legal_class).select_from(of_category).order_by(articles.c.id)
        return [_article(row) for row in work.execute(every)]

    def classes(self, work: Work) -> dict[str, LegalClass]:
        """What the law says of each category that was classed; of another nothing."""
        return {row.name: LegalClass(row.legal_class) for row in work.execute(select(categories))}

    def classify(self, work: Work, category: str, legal_class: LegalClass) -> None:
        work.execute(categories.delete().where(categories.c.name == category))
        work.execute(categories.insert().values(name=category, legal_class=str(legal_class)))

    def add_article(self, work: Work, label: str, category: str, price: Money, vat_rate: int) -> int:
        facts = {"label": label, "category": category, "vat_rate": vat_rate}
        facts |= {"price_minor": price.amount_minor, "currency": price.currency.code}
        return work.scalars(articles.insert().values(facts).returning(articles.c.id)).one()

    def open_ticket(self, work: Work, till: str, at: datetime, returns: int | None = None) -> Ticket:
        facts = {"till": till, "opened_at": at, "state": str(TicketState.OPEN), "returns": returns}
        ticket_id = work.scalars(tickets.insert().values(facts).returning(tickets.c.id)).one()
        return Ticket(ticket_id, till, at, returns=returns)

    def returns_of(self, work: Work, ticket_id: int) -> list[Ticket]:
        """Tickets on which lines of that one come back; nobody else opens one before the transaction ends."""
        hold(work, f"returns of ticket {ticket_id}")
        rows = work.execute(select(tickets).where(tickets.c.returns == ticket_id).order_by(tickets.c.id)).all()
        return [self._ticket(work, row) for row in rows]

    def undone(self, work: Work, since: datetime) -> list[Ticket]:
        """Paid since then, by a payment that was cancelled."""
        return [self._ticket(work, row) for row in work.execute(UNDONE, {"since": since}).all()]

    def get(self, work: Work, ticket_id: int) -> Ticket | None:
        row = work.execute(select(tickets).where(tickets.c.id == ticket_id)).first()
        return self._ticket(work, row) if row else None

    def paying(self, work: Work) -> list[Ticket]:
        return [self._ticket(work, row) for row in work.execute(PAYING).all()]

    def append(self, work: Work, ticket: Ticket, added: list[Line]) -> None:
        first = len(ticket.lines)
        work.execute(lines.insert(), [_line_row(ticket.id, first + index, line) for index, line in enumerate(added)])

    def save_state(self, work: Work, ticket: Ticket) -> None:
        facts = {"state": str(ticket.state), "number": ticket.number, "paid_at": ticket.paid_at}
        facts |= {"request_id": ticket.request_id, "member_id": ticket.member_id}
        work.execute(tickets.update().where(tickets.c.id == ticket.id).values(facts))

    def next_number(self, work: Work, till: str) -> int:
        last = work.scalar(select(func.max(tickets.c.number)).where(tickets.c.till == till))
        return (last or 0) + 1

    def record_print(
        self, work: Work, ticket_id: int | None, request_id: bytes, document: str, copy: str, at: datetime
    ) -> int:
        """How often that copy of that document was printed before."""
        before = (prints.c.request_id == request_id) & (prints.c.document == document) & (prints.c.copy == copy)
        count = work.scalar(select(func.count()).select_from(prints).where(before)) or 0
        facts = {"ticket_id": ticket_id, "request_id": request_id, "document": document}
        work.execute(prints.insert().values(facts | {"copy": copy, "printed_at": at}))
        return count

    def _ticket(self, work: Work, row: Row) -> Ticket:
        found = work.execute(select(lines).where(lines.c.ticket_id == row.id).order_by(lines.c.position))
        own = tuple(_line(line) for line in found)
        state = TicketState(row.state)
        facts = (row.number, row.paid_at, row.request_id, row.member_id, row.returns)
        return Ticket(row.id, row.till, row.opened_at, own, state, *facts)


def _article(row: Row) -> Article:
    price = Money(row.price_minor, CURRENCIES[row.currency])
    legal_class = LegalClass(row.legal_class or LegalClass.ORDINARY)
    return Article(row.id, row.label, row.category, price, row.vat_rate, legal_class)


def _line(row: Row) -> Line:
    price = Money(row.unit_price_minor, CURRENCIES[row.currency])
    facts = (row.vat_rate, row.corrects, LegalClass(row.legal_class), row.reward)
    return Line(LineKind(row.kind), row.label, row.category, row.quantity, price, *facts)


def _line_row(ticket_id: int, position: int, line: Line) -> dict:
    return {
        "ticket_id": ticket_id,
        "position": position,
        "kind": str(line.kind),
        "label": line.label,
        "category": line.category,
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price.amount_minor,
        "currency": line.unit_price.currency.code,
        "vat_rate": line.vat_rate,
        "corrects": line.corrects,
        "legal_class": str(line.legal_class),
        "reward": line.reward,
    }
