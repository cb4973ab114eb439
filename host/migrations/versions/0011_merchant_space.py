"""The merchant's loyalty space: the trace of exports, and what of the set-up is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime
from host.migrations.append_only import make_append_only

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "loyalty_export",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("numbers", sa.Integer, nullable=False),
        sa.Column("emails", sa.Integer, nullable=False),
    )
    make_append_only("loyalty_export")
    op.create_table(
        "loyalty_step",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("done_at", UtcDateTime, nullable=False),
    )
