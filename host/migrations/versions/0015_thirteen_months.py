"""Thirteen months of payments: what a sale, a page or an evening asks for is found by an index."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

INDEXES = (
    ("payment_of_order", "payment", ["order_reference", "requested_at"]),
    ("payment_in_state", "payment", ["state", "requested_at"]),
    ("payment_asked_for", "payment", ["requested_at"]),
    ("payment_of_entry", "payment", ["ledger_entry"]),
    ("ticket_in_state", "ticket", ["state", "paid_at"]),
    ("receipt_print_of_ticket", "receipt_print", ["ticket_id"]),
    ("receipt_print_of_document", "receipt_print", ["request_id", "document", "copy"]),
    ("remittance_line_of_transaction", "remittance_line", ["transaction_id"]),
    ("data_set_of_day", "data_set", ["reader", "number"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
