"""Telecollection: contracts, sealed days, remittances, what came of them, alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime
from host.migrations.append_only import make_append_only

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    create_contract()
    create_contract_reader()
    create_contract_parameters()
    create_sealed_day()
    create_sealed_line()
    create_remittance()
    create_closing()
    create_data_set()
    create_remittance_line()
    create_waiting_line()
    create_funding()
    create_alert()
    create_what_happens_once()
    make_append_only("sealed_line")


def create_what_happens_once() -> None:
    once("remittance_open_once", "remittance", ["contract"], "state = 'open'")
    once("sealed_day_goes_once", "data_set", ["reader", "number"], "sealed AND state != 'rejected'")
    once("transaction_remitted_once", "remittance_line", ["transaction_id"], "state != 'rejected'")
    once("alert_stands_once", "alert", ["kind", "key"], "cleared_at IS NULL")


def once(name: str, table: str, columns: list[str], where: str) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=chosen, postgresql_where=chosen)


def create_contract() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.String(35), primary_key=True),
        sa.Column("merchant", sa.String(70), nullable=False),
        sa.Column("acquirer_id", sa.String(35), nullable=False),
        sa.Column("cut_off", sa.String(5), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("parameters_version", sa.BigInteger, nullable=False),
        sa.Column("last_notice", sa.String(64)),
    )


def create_contract_reader() -> None:
    op.create_table(
        "contract_reader",
        sa.Column("reader", sa.String(16), primary_key=True),
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("parameters_version", sa.BigInteger, nullable=False),
        sa.Column("seen_at", UtcDateTime),
        sa.Column("lost_at", UtcDateTime),
    )
    op.create_index("ix_contract_reader_contract", "contract_reader", ["contract"])


def create_contract_parameters() -> None:
    op.create_table(
        "contract_parameters",
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("document", sa.LargeBinary(512), nullable=False),
        sa.Column("signature", sa.LargeBinary(384), nullable=False),
        sa.Column("fetched_at", UtcDateTime, nullable=False),
    )


def create_sealed_day() -> None:
    op.create_table(
        "sealed_day",
        sa.Column("reader", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("totals", sa.LargeBinary(512), nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("ksn", sa.LargeBinary(12), nullable=False),
        sa.Column("mac", sa.LargeBinary(8), nullable=False),
        sa.Column("sealed_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.String(32)),
        sa.Column("acknowledged_at", UtcDateTime),
    )
    op.create_index("sealed_day_of_contract", "sealed_day", ["contract", "state"])


def create_sealed_line() -> None:
    op.create_table(
        "sealed_line",
        sa.Column("reader", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("transaction_id", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("mac", sa.LargeBinary(8), nullable=False),
        sa.ForeignKeyConstraint(["reader", "number"], ["sealed_day.reader", "sealed_day.number"]),
    )
    op.create_index("ix_sealed_line_transaction_id", "sealed_line", ["transaction_id"])


def create_remittance() -> None:
    op.create_table(
        "remittance",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("exchange_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("reconciled_at", UtcDateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("why", sa.String(64)),
        sa.Column("file_hash", sa.LargeBinary(32)),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
        sa.Column("expected_on", sa.Date),
        sa.Column("funded_minor", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("contract", "business_date", "sequence", name="remittance_of_day"),
        sa.UniqueConstraint("contract", "due_at", name="remittance_once_a_cut_off"),
    )


def create_closing() -> None:
    op.create_table(
        "closing",
        sa.Column("remittance", sa.Integer, sa.ForeignKey("remittance.id"), primary_key=True),
        sa.Column("reader", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger),
        sa.Column("outcome", sa.String(16)),
    )


def create_data_set() -> None:
    op.create_table(
        "data_set",
        sa.Column("remittance", sa.Integer, sa.ForeignKey("remittance.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(35), nullable=False),
        sa.Column("reader", sa.String(16), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("business_date", sa.Date, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("totals", sa.LargeBinary(512), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
    )


def create_remittance_line() -> None:
    op.create_table(
        "remittance_line",
        sa.Column("remittance", sa.Integer, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("data_set", sa.Integer, nullable=False),
        sa.Column("transaction_id", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.ForeignKeyConstraint(["remittance", "data_set"], ["data_set.remittance", "data_set.position"]),
    )


def create_waiting_line() -> None:
    op.create_table(
        "waiting_line",
        sa.Column("transaction_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("reader", sa.String(16), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("waits", sa.String(16), nullable=False),
    )
    op.create_index("ix_waiting_line_contract", "waiting_line", ["contract"])


def create_funding() -> None:
    op.create_table(
        "funding",
        sa.Column("reference", sa.String(64), primary_key=True),
        sa.Column("remittance", sa.Integer, sa.ForeignKey("remittance.id"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
    )
    op.create_index("ix_funding_remittance", "funding", ["remittance"])


def create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("contract", sa.String(35), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("grows", sa.Integer, nullable=False),
        sa.Column("grown_on", sa.Date, nullable=False),
        sa.Column("detail", sa.String(128), nullable=False),
        sa.Column("cleared_at", UtcDateTime),
    )
    op.create_index("ix_alert_contract", "alert", ["contract"])
