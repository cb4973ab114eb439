"""The payment's table: last four digits and token of the card, never a PAN (terminal/LAW-5, LAW-7)."""

from __future__ import annotations

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
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import IntegrityError

from host.database import Database, UtcDateTime, Work, hold, metadata
from host.money import CURRENCIES, Money
from host.payment.captures import CAPTURED, captures
from host.payment.errors import RefundBeyond, TransactionIdTaken
from host.payment.model import Card, Payment
from host.payment.states import NOT_PAID, UNFINISHED, Asked, State, move

payments = Table(
    "payment",
    metadata,
    Column("request_id", LargeBinary(8), primary_key=True),
    Column("order_reference", String(64), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("original", LargeBinary(16)),
    Column("tip_minor", BigInteger, nullable=False),
    Column("reader", String(16)),
    Column("state", String(16), nullable=False),
    Column("asked", String(16), nullable=False),
    Column("asked_at", UtcDateTime),
    Column("authorised_minor", BigInteger),
    Column("arqc_checked", Boolean),
    Column("accepted_at", UtcDateTime),
    Column("transaction_id", LargeBinary(16), unique=True),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),
    Column("why", String(32)),
    Column("paid_minor", BigInteger),
    Column("taken_at", String(14)),
    Column("interface", String(16)),
    Column("last4", String(4)),
    Column("token", LargeBinary(32)),
    Column("token_version", Integer),
    Column("par_token", LargeBinary(32)),
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
Index("payment_by_original", payments.c.original)
Index("payment_of_order", payments.c.order_reference, payments.c.requested_at)
Index("payment_in_state", payments.c.state, payments.c.requested_at)
Index("payment_asked_for", payments.c.requested_at)
Index("payment_of_entry", payments.c.ledger_entry)  # SQLite looks for who refers to an entry each time one is added


# Prepared once: SQLAlchemy compiles a statement the first time, and finds it again by the same object.
INSERT = payments.insert()
SAVE = (
    payments.update()
    .where(payments.c.request_id == bindparam("wanted"))
    .values({column.name: bindparam(column.name) for column in payments.columns if column.name != "request_id"})
)
SAVE_FROM = SAVE.where(
    payments.c.state == bindparam("was"), payments.c.reader.is_not_distinct_from(bindparam("was_at"))
)
STANDS = and_(*[payments.c.state != str(state) for state in sorted(NOT_PAID)])  # a list is made anew at each run
ALL = select(payments)
OF_REQUEST = ALL.where(payments.c.request_id == bindparam("wanted"))
OF_TRANSACTION = ALL.where(payments.c.transaction_id == bindparam("wanted"))
CURRENT = ALL.where(payments.c.order_reference == bindparam("wanted"), STANDS)
LATEST = ALL.where(payments.c.order_reference == bindparam("wanted")).order_by(payments.c.requested_at.desc()).limit(1)
OPEN = ALL.where(payments.c.state.in_(sorted(UNFINISHED))).order_by(payments.c.requested_at)
REFUNDED = select(func.coalesce(func.sum(payments.c.amount_minor), 0)).where(
    payments.c.original == bindparam("wanted"), STANDS
)
NO_COPY = (
    ALL.outerjoin_from(payments, captures, payments.c.transaction_id == captures.c.transaction_id)
    .where(captures.c.transaction_id.is_(None), payments.c.state == str(State.APPROVED))
    .where(payments.c.kind.in_(CAPTURED))
    .order_by(payments.c.requested_at)
)
NO_COPY_OF_READER = NO_COPY.where(payments.c.reader == bindparam("reader_of"))
REVERSED = (
    payments.update()
    .where(payments.c.transaction_id == bindparam("wanted"), payments.c.state == str(State.REVERSAL_DUE))
    .values(state=str(move(State.REVERSAL_DUE, State.REVERSED)))
)


class PaymentStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()

    def add(self, work: Work, payment: Payment) -> None:
        try:
            work.execute(INSERT, _row(payment))
        except IntegrityError as error:
            if "refund_beyond" in str(error.orig):
                raise RefundBeyond(payment.amount.text("en")) from None
            raise

    def save(self, work: Work, payment: Payment) -> None:
        row = _row(payment)
        row["wanted"] = row.pop("request_id")
        try:
            work.execute(SAVE, row)
        except IntegrityError as error:
            if payments.c.transaction_id.name in str(error.orig):
                raise TransactionIdTaken(payment.request_id.hex()) from None
            raise

    def save_from(self, work: Work, payment: Payment, before: Payment) -> bool:
        """Nothing is saved, and False, when its state or its reader is no longer what it was."""
        row = _row(payment)
        row["wanted"] = row.pop("request_id")
        return bool(work.execute(SAVE_FROM, row | {"was": str(before.state), "was_at": before.reader}).rowcount)

    def get(self, work: Work, request_id: bytes) -> Payment | None:
        return _one(work, OF_REQUEST, request_id)

    def of_transaction(self, work: Work, transaction_id: bytes) -> Payment | None:
        return _one(work, OF_TRANSACTION, transaction_id)

    def current(self, work: Work, order_reference: str) -> Payment | None:
        hold(work, f"order {order_reference}")  # two tills that find none would both add one
        return _one(work, CURRENT, order_reference)

    def latest_of(self, work: Work, order_reference: str) -> Payment | None:
        return _one(work, LATEST, order_reference)

    def unfinished(self, work: Work) -> list[Payment]:
        return [read_payment(row) for row in work.execute(OPEN)]

    def without_copy(self, work: Work, reader: str | None = None) -> list[Payment]:
        """Approved ones, to be captured, of which there is no capture record; of all readers, or of one."""
        rows = work.execute(NO_COPY) if reader is None else work.execute(NO_COPY_OF_READER, {"reader_of": reader})
        return [read_payment(row) for row in rows]

    def refunded_minor(self, work: Work, transaction_id: bytes) -> int:
        return int(work.scalars(REFUNDED, {"wanted": transaction_id}).one())

    def reversed(self, work: Work, transaction_id: bytes) -> None:
        work.execute(REVERSED, {"wanted": transaction_id})


# Fields that are columns of the same name and type.
PLAIN = (
    *("request_id", "order_reference", "requested_at", "kind", "original", "tip_minor", "reader", "asked_at"),
    *("authorised_minor", "arqc_checked", "accepted_at", "transaction_id", "token", "ended_at", "outcome", "why"),
    *("paid_minor", "taken_at", "interface", "cvm", "icc_data", "response_code", "authorisation_code", "apdus"),
    "ledger_entry",
)
CARD = ("last4", "token", "token_version", "label", "brand", "brand_by", "par_token")  # as in Card, in that order


def _row(payment: Payment) -> dict[str, Any]:
    row = {name: getattr(payment, name) for name in PLAIN}
    row.update(amount_minor=payment.amount.amount_minor, currency=payment.amount.currency.code)
    row.update(state=str(payment.state), asked=str(payment.asked), why=payment.why and str(payment.why))
    for name in CARD[:1] + CARD[2:]:
        row[name] = getattr(payment.card, name) if payment.card else None
    return row


def _one(work: Work, question: Select[Any], wanted: bytes | str) -> Payment | None:
    row = work.execute(question, {"wanted": wanted}).first()
    return read_payment(row) if row else None


def read_payment(row: Row) -> Payment:
    return Payment(
        amount=Money(row.amount_minor, CURRENCIES[row.currency]),
        state=State(row.state),
        asked=Asked(row.asked),
        card=Card(*[getattr(row, name) for name in CARD]) if row.last4 else None,
        **{name: getattr(row, name) for name in PLAIN},
    )
