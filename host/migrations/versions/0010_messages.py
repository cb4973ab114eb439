"""Messages: the outbox, campaigns, and the numbers that wrote STOP."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    create_campaign()
    create_message()
    index_messages()
    op.create_table(
        "sms_stop",
        sa.Column("number_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
        sa.Column("inbound_id", sa.String(64), nullable=False),
    )


def create_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("segment", sa.String(64), nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("scheduled_at", UtcDateTime),
        sa.Column("queued_to", sa.String(64), nullable=False),
        sa.Column("looked_at", sa.Integer, nullable=False),
        sa.Column("queued", sa.Integer, nullable=False),
    )


def create_message() -> None:
    op.create_table(
        "message",
        sa.Column("event_id", sa.String(96), primary_key=True),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("member_id", sa.String(64)),
        sa.Column("template", sa.String(16), nullable=False),
        sa.Column("values", sa.String(512), nullable=False),
        sa.Column("campaign", sa.Integer, sa.ForeignKey("campaign.id")),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("worth_until", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_sent_at", UtcDateTime),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("gateway_id", sa.String(64)),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("why", sa.String(16)),
        sa.Column("number_hash", sa.LargeBinary(32)),
    )


def index_messages() -> None:
    waits, of_campaign = sa.text("due_at IS NOT NULL"), sa.text("campaign IS NOT NULL")
    due = ["channel", "rank", "due_at"]
    op.create_index("message_due", "message", due, sqlite_where=waits, postgresql_where=waits)
    once = {"unique": True, "sqlite_where": of_campaign, "postgresql_where": of_campaign}
    op.create_index("message_once_a_campaign", "message", ["campaign", "member_id"], **once)
    op.create_index("message_of_number", "message", ["number_hash", "first_sent_at"])
    op.create_index("message_of_member", "message", ["member_id", "queued_at"])
    op.create_index("message_of_gateway", "message", ["gateway_id"])
    op.create_index("message_code_sent", "message", ["rank", "first_sent_at"])
