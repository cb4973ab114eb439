"""A payment has a kind, a tip and what it refunds; its capture record and what the acquirer is owed are rows.

The database refuses refunds that exceed their sale (faults/R-17), whichever till asks first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime

revision = "0004"
down_revision = "0003"

NOT_PAID = "'cancelled', 'declined', 'reversal_due', 'reversed', 'voided'"
REFUNDED = f"""
    SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE original = NEW.original AND state NOT IN ({NOT_PAID})
"""
BEYOND = f"""
    NOT EXISTS (
        SELECT 1 FROM payment WHERE transaction_id = NEW.original AND state = 'approved' AND kind <> 'refund'
        AND currency = NEW.currency AND coalesce(paid_minor, amount_minor) >= NEW.amount_minor + ({REFUNDED})
    )
"""


def upgrade() -> None:
    extend_payment()
    create_capture()
    create_advice()
    refuse_refunds_beyond()


def extend_payment() -> None:
    op.add_column("payment", sa.Column("kind", sa.String(16), nullable=False, server_default="purchase"))
    op.add_column("payment", sa.Column("tip_minor", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("payment", sa.Column("original", sa.LargeBinary(16)))
    op.add_column("payment", sa.Column("asked_at", UtcDateTime))
    op.add_column("payment", sa.Column("authorised_minor", sa.BigInteger))
    op.add_column("payment", sa.Column("paid_minor", sa.BigInteger))
    op.add_column("payment", sa.Column("taken_at", sa.String(14)))
    op.create_index("payment_by_original", "payment", ["original"])
    op.drop_index("payment_once_an_order", "payment")
    once = sa.text(f"state NOT IN ({NOT_PAID})")
    op.create_index(
        "payment_once_an_order", "payment", ["order_reference"], unique=True, sqlite_where=once, postgresql_where=once
    )


def create_capture() -> None:
    op.create_table(
        "capture",
        sa.Column("transaction_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("reader", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("amount_other_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("interface", sa.String(16), nullable=False),
        sa.Column("brand", sa.String(16), nullable=False),
        sa.Column("aid", sa.LargeBinary(16), nullable=False),
        sa.Column("taken_at", sa.String(14), nullable=False),
        sa.Column("icc_data", sa.LargeBinary(512), nullable=False),
        sa.Column("response_code", sa.LargeBinary(2)),
        sa.Column("authorisation_code", sa.String(6)),
        sa.Column("ksn", sa.LargeBinary(12), nullable=False),
        sa.Column("sealed_card", sa.LargeBinary(128), nullable=False),
        sa.Column("mac", sa.LargeBinary(8), nullable=False),
        sa.Column("mac_ksn", sa.LargeBinary(12)),
        sa.Column("offline", sa.Boolean, nullable=False),
        sa.Column("original", sa.LargeBinary(16)),
        sa.Column("voided_at", UtcDateTime),
        sa.Column("kept_at", UtcDateTime, nullable=False),
    )
    op.create_index("capture_of_reader", "capture", ["reader", "transaction_id"])


def create_advice() -> None:
    op.create_table(
        "advice",
        sa.Column("transaction_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("transaction_kind", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("token", sa.LargeBinary(32)),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("answered_at", UtcDateTime),
    )
    unanswered = sa.text("answered_at IS NULL")
    op.create_index("advice_owed", "advice", ["token"], sqlite_where=unanswered, postgresql_where=unanswered)


def refuse_refunds_beyond() -> None:
    """On PostgreSQL the sale's row is locked first, so that two tills are heard one after the other."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            "CREATE TRIGGER payment_refund_beyond BEFORE INSERT ON payment "
            f"WHEN NEW.original IS NOT NULL AND {BEYOND} BEGIN SELECT RAISE(ABORT, 'refund_beyond'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION payment_refund_beyond() RETURNS trigger AS $$ BEGIN IF NEW.original IS NOT NULL THEN "
        "PERFORM 1 FROM payment WHERE transaction_id = NEW.original FOR UPDATE; "
        f"IF {BEYOND} THEN RAISE EXCEPTION 'refund_beyond' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER payment_refund_beyond BEFORE INSERT ON payment "
        "FOR EACH ROW EXECUTE FUNCTION payment_refund_beyond()"
    )
