"""Accounts of the merchant's space, and who is signed in to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "merchant_account",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("password_hash", sa.String(256)),
    )
    of_account = sa.ForeignKey("merchant_account.id", ondelete="CASCADE")
    op.create_table(
        "merchant_session",
        sa.Column("cookie_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("account_id", sa.String(32), of_account, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
    )
