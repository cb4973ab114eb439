"""An e-mail address is confirmed by a code, as a number is; a code is good for what it was sent for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("identity", sa.Column("email_confirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("loyalty_code", sa.Column("purpose", sa.String(16), nullable=False, server_default="sign_in"))
