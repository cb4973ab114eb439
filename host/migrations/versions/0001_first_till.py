"""The first schema: ledger, payments, the small till."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime
from host.migrations.append_only import make_append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_ledger()
    create_payment()
    create_article()
    create_ticket()
    for table in ("ledger_entry", "ledger_posting", "ticket_line", "receipt_print"):
        make_append_only(table)


def create_ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("transaction_id", sa.LargeBinary(16), nullable=False),
        sa.Column("booked_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("kind", "transaction_id", name="ledger_entry_once"),
    )
    op.create_table(
        "ledger_posting",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("ledger_entry.id"), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
    )


def create_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("request_id", sa.LargeBinary(8), primary_key=True),
        sa.Column("order_reference", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", sa.String(16), nullable=False),
        sa.Column("arqc_checked", sa.Boolean),
        sa.Column("accepted_at", UtcDateTime),
        sa.Column("transaction_id", sa.LargeBinary(16), unique=True),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("outcome", sa.String(16)),
        sa.Column("why", sa.String(32)),
        sa.Column("interface", sa.String(16)),
        sa.Column("last4", sa.String(4)),
        sa.Column("token", sa.LargeBinary(32)),
        sa.Column("token_version", sa.Integer),
        sa.Column("label", sa.String(16)),
        sa.Column("cvm", sa.String(16)),
        sa.Column("icc_data", sa.LargeBinary(512), nullable=False),
        sa.Column("response_code", sa.LargeBinary(2)),
        sa.Column("authorisation_code", sa.String(6)),
        sa.Column("apdus", sa.Integer),
        sa.Column("ledger_entry", sa.Integer, sa.ForeignKey("ledger_entry.id")),
    )
    once = sa.text("state NOT IN ('cancelled', 'declined', 'reversal_due')")
    op.create_index(
        "payment_once_an_order", "payment", ["order_reference"], unique=True, sqlite_where=once, postgresql_where=once
    )


def create_article() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("price_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("vat_rate", sa.Integer, nullable=False),
    )


def create_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("till", sa.String(16), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("request_id", sa.LargeBinary(8)),
        sa.UniqueConstraint("till", "number", name="ticket_number_once"),
    )
    op.create_table(
        "ticket_line",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("vat_rate", sa.Integer, nullable=False),
        sa.Column("corrects", sa.Integer),
    )
    op.create_table(
        "receipt_print",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("request_id", sa.LargeBinary(8), nullable=False),
        sa.Column("copy", sa.String(16), nullable=False),
        sa.Column("printed_at", UtcDateTime, nullable=False),
    )
