"""Lines are found by their data set: the evening of two hundred readers is two hundred of them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("remittance_line_of_data_set", "remittance_line", ["remittance", "data_set"])
