"""The tables of telecollection. What must happen once is a unique index, whatever a step that runs twice does
(services/TC-2); a reader's lines are append-only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    and_,
)

from host.database import UtcDateTime, metadata
from host.telecollection.states import LineState, State

contracts = Table(
    "contract",
    metadata,
    Column("id", String(35), primary_key=True),
    Column("merchant", String(70), nullable=False),
    Column("acquirer_id", String(35), nullable=False),
    Column("cut_off", String(5), nullable=False),  # HH:MM, local
    Column("zone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("parameters_version", BigInteger, nullable=False),
    Column("last_notice", String(64)),  # of money that came, the acquirer's id
)
readers = Table(
    "contract_reader",
    metadata,
    Column("reader", String(16), primary_key=True),
    Column("contract", String(35), ForeignKey("contract.id"), nullable=False, index=True),
    Column("parameters_version", BigInteger, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("lost_at", UtcDateTime),
)
parameters = Table(
    "contract_parameters",
    metadata,
    Column("contract", String(35), ForeignKey("contract.id"), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("document", LargeBinary(512), nullable=False),
    Column("signature", LargeBinary(384), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)
sealed_days = Table(
    "sealed_day",
    metadata,
    Column("reader", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("contract", String(35), ForeignKey("contract.id"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("totals", LargeBinary(512), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("ksn", LargeBinary(12), nullable=False),
    Column("mac", LargeBinary(8), nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", String(32)),
    Column("acknowledged_at", UtcDateTime),
    Index("sealed_day_of_contract", "contract", "state"),
)
sealed_lines = Table(
    "sealed_line",
    metadata,
    Column("reader", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),  # from 0
    Column("transaction_id", LargeBinary(16), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("mac", LargeBinary(8), nullable=False),
    ForeignKeyConstraint(["reader", "number"], ["sealed_day.reader", "sealed_day.number"]),
)
remittances = Table(
    "remittance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract", String(35), ForeignKey("contract.id"), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("exchange_id", BigInteger, nullable=False, unique=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("due_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("reconciled_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("why", String(64)),
    Column("file_hash", LargeBinary(32)),
    Column("count", Integer, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("expected_on", Date),
    Column("funded_minor", BigInteger, nullable=False),
    UniqueConstraint("contract", "business_date", "sequence", name="remittance_of_day"),
    UniqueConstraint("contract", "due_at", name="remittance_once_a_cut_off"),
)
closings = Table(
    "closing",
    metadata,
    Column("remittance", Integer, ForeignKey("remittance.id"), primary_key=True),
    Column("reader", String(16), primary_key=True),
    Column("number", BigInteger),  # of the day that it was asked to close, stored before; None: not reached
    Column("outcome", String(16)),
)
IS_OPEN = remittances.c.state == State.OPEN.value
Index("remittance_open_once", remittances.c.contract, unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)

data_sets = Table(
    "data_set",
    metadata,
    Column("remittance", Integer, ForeignKey("remittance.id"), primary_key=True),
    Column("position", Integer, primary_key=True),  # from 0
    Column("id", String(35), nullable=False),
    Column("reader", String(16), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("count", Integer, nullable=False),
    Column("totals", LargeBinary(512), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Index("data_set_of_day", "reader", "number"),
)
GOES = and_(data_sets.c.sealed, data_sets.c.state != LineState.REJECTED.value)
Index("sealed_day_goes_once", data_sets.c.reader, data_sets.c.number, unique=True, sqlite_where=GOES,
      postgresql_where=GOES)  # fmt: skip

lines = Table(
    "remittance_line",
    metadata,
    Column("remittance", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),  # from 1
    Column("data_set", Integer, nullable=False),
    Column("transaction_id", LargeBinary(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    ForeignKeyConstraint(["remittance", "data_set"], ["data_set.remittance", "data_set.position"]),
    Index("remittance_line_of_data_set", "remittance", "data_set"),
    Index("remittance_line_of_transaction", "transaction_id"),
)
NOT_REJECTED = lines.c.state != LineState.REJECTED.value
Index("transaction_remitted_once", lines.c.transaction_id, unique=True, sqlite_where=NOT_REJECTED,
      postgresql_where=NOT_REJECTED)  # fmt: skip

waiting = Table(
    "waiting_line",
    metadata,
    Column("transaction_id", LargeBinary(16), primary_key=True),
    Column("contract", String(35), ForeignKey("contract.id"), nullable=False, index=True),
    Column("reader", String(16), nullable=False),
    Column("number", BigInteger, nullable=False),  # of the day that it is of
    Column("waits", String(16), nullable=False),
)
fundings = Table(
    "funding",
    metadata,
    Column("reference", String(64), primary_key=True),  # the bank's or acquirer's, of the entry
    Column("remittance", Integer, ForeignKey("remittance.id"), nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("source", String(16), nullable=False),
)
alerts = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(64), nullable=False),
    Column("contract", String(35), ForeignKey("contract.id"), nullable=False, index=True),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("grows", Integer, nullable=False),
    Column("grown_on", Date, nullable=False),
    Column("detail", String(128), nullable=False),
    Column("cleared_at", UtcDateTime),
)
STANDS = alerts.c.cleared_at.is_(None)
Index("alert_stands_once", alerts.c.kind, alerts.c.key, unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
