"""A print is of one document of a payment, which need not have a ticket: refunds, pre-authorisations, cancellations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.migrations.append_only import make_append_only

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """SQLite changes a column by copying its table, and a copy has no triggers."""
    with op.batch_alter_table("receipt_print") as table:
        table.alter_column("ticket_id", existing_type=sa.Integer, nullable=True)
        table.add_column(sa.Column("document", sa.String(16), nullable=False, server_default="payment"))
    if op.get_bind().dialect.name == "sqlite":
        make_append_only("receipt_print")
