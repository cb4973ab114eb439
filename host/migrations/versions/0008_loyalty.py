"""Loyalty: clients and the one table that says who they are, consents, programme, visits, points, rollups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime
from host.migrations.append_only import make_append_only

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    create_identity()
    create_loyalty_client()
    create_loyalty_census()
    create_loyalty_card()
    create_loyalty_consent()
    create_loyalty_code()
    create_loyalty_erasure()
    create_loyalty_programme()
    create_loyalty_visit()
    create_loyalty_entry()
    create_loyalty_balance()
    create_loyalty_hour()
    create_loyalty_gap()
    create_loyalty_class()
    count_clients()
    for table in ("loyalty_consent", "loyalty_programme", "loyalty_visit", "loyalty_entry"):
        make_append_only(table)


def create_identity() -> None:
    op.create_table(
        "identity",
        sa.Column("member_id", sa.String(32), primary_key=True),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("birthday", sa.String(5)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_identity_number", "identity", ["number"])
    op.create_index("ix_identity_birthday", "identity", ["birthday"])
    one = sa.text("confirmed")
    op.create_index(
        "identity_of_number_once", "identity", ["number"], unique=True, sqlite_where=one, postgresql_where=one
    )


def create_loyalty_client() -> None:
    op.create_table(
        "loyalty_client",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("last_contact_at", UtcDateTime, nullable=False),
        sa.Column("joined_at", UtcDateTime),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("merged_into", sa.String(32)),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("turnover_minor", sa.BigInteger, nullable=False),
        sa.Column("first_visit_at", UtcDateTime),
        sa.Column("last_visit_at", UtcDateTime),
        sa.Column("rewards", sa.Integer, nullable=False),
    )
    op.create_index("ix_loyalty_client_merged_into", "loyalty_client", ["merged_into"])
    op.create_index("loyalty_client_best", "loyalty_client", ["turnover_minor", "id"])
    op.create_index("loyalty_client_newest", "loyalty_client", ["joined_at", "id"])
    op.create_index("loyalty_client_inactive", "loyalty_client", ["last_visit_at", "id"])
    op.create_index("loyalty_client_kept", "loyalty_client", ["state", "last_contact_at"])


def create_loyalty_census() -> None:
    census = op.create_table(
        "loyalty_census",
        sa.Column("state", sa.String(16), primary_key=True),
        sa.Column("clients", sa.Integer, nullable=False),
    )
    states = ("stranger", "joined", "member", "merged", "erased")
    op.bulk_insert(census, [{"state": state, "clients": 0} for state in states])


def count_clients() -> None:
    """How many there are in each state."""
    added = "UPDATE loyalty_census SET clients = clients + 1 WHERE state = NEW.state;"
    moved = f"UPDATE loyalty_census SET clients = clients - 1 WHERE state = OLD.state; {added}"
    events = {"added": ("INSERT", "", added), "moved": ("UPDATE OF state", "WHEN (OLD.state <> NEW.state)", moved)}
    for name, (event, when, do) in events.items():
        on = f"AFTER {event} ON loyalty_client FOR EACH ROW {when}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE TRIGGER loyalty_client_{name} {on} BEGIN {do} END")
        else:
            returning = f"RETURNS trigger AS $$ BEGIN {do} RETURN NULL; END $$ LANGUAGE plpgsql"
            op.execute(f"CREATE FUNCTION loyalty_client_{name}() {returning}")
            op.execute(f"CREATE TRIGGER loyalty_client_{name} {on} EXECUTE FUNCTION loyalty_client_{name}()")


def create_loyalty_card() -> None:
    op.create_table(
        "loyalty_card",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column("client_id", sa.String(32)),
        sa.Column("linked_at", UtcDateTime, nullable=False),
        sa.Column("asked_again_at", UtcDateTime),
    )
    op.create_index("ix_loyalty_card_client_id", "loyalty_card", ["client_id"])
    op.create_index("ix_loyalty_card_asked_again_at", "loyalty_card", ["asked_again_at"])


def create_loyalty_consent() -> None:
    op.create_table(
        "loyalty_consent",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("answer", sa.Boolean, nullable=False),
        sa.Column("text", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_loyalty_consent_member_id", "loyalty_consent", ["member_id"])


def create_loyalty_code() -> None:
    op.create_table(
        "loyalty_code",
        sa.Column("event_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("valid_until", UtcDateTime, nullable=False),
        sa.Column("tries_left", sa.Integer, nullable=False),
    )
    op.create_index("ix_loyalty_code_member_id", "loyalty_code", ["member_id"])


def create_loyalty_erasure() -> None:
    op.create_table(
        "loyalty_erasure",
        sa.Column("member_id", sa.String(32), primary_key=True),
        sa.Column("number_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("erased_at", UtcDateTime, nullable=False),
        sa.Column("kept_until", UtcDateTime, nullable=False),
    )
    op.create_index("ix_loyalty_erasure_number_hash", "loyalty_erasure", ["number_hash"])
    op.create_index("ix_loyalty_erasure_kept_until", "loyalty_erasure", ["kept_until"])


def create_loyalty_programme() -> None:
    op.create_table(
        "loyalty_programme",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
    )


def create_loyalty_visit() -> None:
    op.create_table(
        "loyalty_visit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("ticket", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(32)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("by_member", sa.Boolean, nullable=False),
        sa.Column("programme", sa.Integer, nullable=False),
        sa.Column("basket", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "reference", name="loyalty_visit_once"),
    )
    op.create_index("loyalty_visit_of_client", "loyalty_visit", ["client_id", "at"])
    op.create_index("loyalty_visit_of_ticket", "loyalty_visit", ["ticket"])


def create_loyalty_entry() -> None:
    op.create_table(
        "loyalty_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("counter", sa.String(16), nullable=False),
        sa.Column("member_id", sa.String(32), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ticket", sa.String(64), nullable=False),
        sa.Column("reward", sa.String(40), nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.UniqueConstraint("kind", "reference", "counter", name="loyalty_entry_once"),
    )
    op.create_index("ix_loyalty_entry_member_id", "loyalty_entry", ["member_id"])
    op.create_index("ix_loyalty_entry_ticket", "loyalty_entry", ["ticket"])


def create_loyalty_balance() -> None:
    op.create_table(
        "loyalty_balance",
        sa.Column("member_id", sa.String(32), primary_key=True),
        sa.Column("counter", sa.String(16), primary_key=True),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("next_expiry", UtcDateTime),
    )
    op.create_index("ix_loyalty_balance_next_expiry", "loyalty_balance", ["next_expiry"])


def create_loyalty_hour() -> None:
    op.create_table(
        "loyalty_hour",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("hour", sa.Integer, primary_key=True),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("turnover_minor", sa.BigInteger, nullable=False),
        sa.Column("member_visits", sa.Integer, nullable=False),
        sa.Column("member_turnover_minor", sa.BigInteger, nullable=False),
        sa.Column("enrolments", sa.Integer, nullable=False),
    )


def create_loyalty_gap() -> None:
    op.create_table(
        "loyalty_gap",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("gap", sa.Integer, primary_key=True),
        sa.Column("visits", sa.Integer, nullable=False),
    )


def create_loyalty_class() -> None:
    op.create_table(
        "loyalty_class",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("legal_class", sa.String(16), primary_key=True),
        sa.Column("sold_minor", sa.BigInteger, nullable=False),
        sa.Column("promoted_minor", sa.BigInteger, nullable=False),
    )
