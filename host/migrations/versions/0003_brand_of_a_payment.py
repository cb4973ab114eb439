"""A payment knows the brand that was used, and who had it go first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("payment", sa.Column("brand", sa.String(16)))
    op.add_column("payment", sa.Column("brand_by", sa.String(16)))
