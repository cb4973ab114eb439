"""Loyalty at the till: what the law says of a category of articles, whose ticket it is, rewards, and returned lines.

A card is known by its account, too (9F24), which wallets share with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Columns are added, never tables copied, for a copy has no triggers: so `returns` has no constraint."""
    op.create_table(
        "article_category",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("legal_class", sa.String(16), nullable=False),
    )
    op.add_column("payment", sa.Column("par_token", sa.LargeBinary(32)))
    op.add_column("ticket", sa.Column("member_id", sa.String(32)))
    op.add_column("ticket", sa.Column("returns", sa.Integer))
    op.create_index("ix_ticket_returns", "ticket", ["returns"])
    op.create_index("ticket_paid", "ticket", ["paid_at"])
    op.add_column("ticket_line", sa.Column("legal_class", sa.String(16), nullable=False, server_default="ordinary"))
    op.add_column("ticket_line", sa.Column("reward", sa.String(80)))
