"""The payment's table: last four digits and token of the card, never a PAN (terminal/LAW-5, LAW-7)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    select,
)
from sqlalchemy.exc import IntegrityError

from host.database import Database, UtcDateTime, Work, metadata
from host.money import CURRENCIES, Money
from host.payment.errors import TransactionIdTaken
from host.payment.model import Card, Payment
from host.payment.states import NOT_PAID, UNFINISHED, Asked, State

payments = Table(
    "payment",
    metadata,
    Column("request_id", LargeBinary(8), primary_key=True),
    Column("order_reference", String(64), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("reader", String(16)),
    Column("state", String(16), nullable=False),
    Column("asked", String(16), nullable=False),
    Column("arqc_checked", Boolean),
    Column("accepted_at", UtcDateTime),
    Column("transaction_id", LargeBinary(16), unique=True),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),
    Column("why", String(32)),
    Column("interface", String(16)),
    Column("last4", String(4)),
    Column("token", LargeBinary(32)),
    Column("token_version", Integer),
    Column("label", String(16)),
    Column("brand", String(16)),
    Column("brand_by", String(16)),
    Column("cvm", String(16)),
    Column("icc_data", LargeBinary(512), nullable=False),
    Column("response_code", LargeBinary(2)),
    Column("authorisation_code", String(6)),
    Column("apdus", Integer),
    Column("ledger_entry", Integer, ForeignKey("ledger_entry.id")),
)
# Two tills that take the same order at once: the second insert fails (faults/R-04).
NOT_REFUSED = payments.c.state.not_in(sorted(NOT_PAID))
Index("payment_once_an_order", payments.c.order_reference, unique=True, sqlite_where=NOT_REFUSED,
      postgresql_where=NOT_REFUSED)  # fmt: skip


class PaymentStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()

    def add(self, work: Work, payment: Payment) -> None:
        work.execute(payments.insert().values(_row(payment)))

    def save(self, work: Work, payment: Payment) -> None:
        try:
            work.execute(payments.update().where(payments.c.request_id == payment.request_id).values(_row(payment)))
        except IntegrityError as error:
            if payments.c.transaction_id.name in str(error.orig):
                raise TransactionIdTaken(payment.request_id.hex()) from None
            raise

    def get(self, work: Work, request_id: bytes) -> Payment | None:
        return _one(work.execute(select(payments).where(payments.c.request_id == request_id)).all())

    def current(self, work: Work, order_reference: str) -> Payment | None:
        chosen = (payments.c.order_reference == order_reference) & NOT_REFUSED
        return _one(work.execute(select(payments).where(chosen)).all())

    def latest_of(self, work: Work, order_reference: str) -> Payment | None:
        chosen = payments.c.order_reference == order_reference
        return _one(work.execute(select(payments).where(chosen).order_by(payments.c.requested_at.desc())).all())

    def unfinished(self, work: Work) -> list[Payment]:
        chosen = payments.c.state.in_(sorted(UNFINISHED))
        rows = work.execute(select(payments).where(chosen).order_by(payments.c.requested_at))
        return [_payment(row) for row in rows]


# Fields that are columns of the same name and type.
PLAIN = (
    *("request_id", "order_reference", "requested_at", "reader", "arqc_checked", "accepted_at", "transaction_id"),
    *("ended_at", "outcome", "why", "interface", "cvm", "icc_data", "response_code", "authorisation_code", "apdus"),
    "ledger_entry",
)
CARD = ("last4", "token", "token_version", "label", "brand", "brand_by")  # as in Card, in that order


def _row(payment: Payment) -> dict[str, Any]:
    row = {name: getattr(payment, name) for name in PLAIN}
    row.update(amount_minor=payment.amount.amount_minor, currency=payment.amount.currency.code)
    row.update(state=str(payment.state), asked=str(payment.asked), why=payment.why and str(payment.why))
    for name in CARD:
        row[name] = getattr(payment.card, name) if payment.card else None
    return row


def _one(rows: Sequence[Row]) -> Payment | None:
    return _payment(rows[0]) if rows else None


def _payment(row: Row) -> Payment:
    return Payment(
        amount=Money(row.amount_minor, CURRENCIES[row.currency]),
        state=State(row.state),
        asked=Asked(row.asked),
        card=Card(*[getattr(row, name) for name in CARD]) if row.last4 else None,
        **{name: getattr(row, name) for name in PLAIN},
    )
