"""A payment knows the reader that was asked: another one's silence about it means nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("payment", sa.Column("reader", sa.String(16)))
