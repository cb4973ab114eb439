"""Timers, executors that live, and a ledger whose entries the database itself keeps balanced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from host.database import UtcDateTime
from host.migrations.append_only import make_append_only

revision = "0005"
down_revision = "0004"

UNBALANCED = """
    NOT EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id)
    OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id GROUP BY currency HAVING sum(amount_minor) <> 0)
"""
STANDS = "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id)"


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    nothing = "''" if postgresql else "x''"
    create_timer()
    create_executor()
    op.execute("ALTER TABLE ledger_entry RENAME COLUMN transaction_id TO reference")
    op.add_column("ledger_entry", sa.Column("brand", sa.String(16), nullable=False, server_default="none"))
    aid = sa.Column("aid", sa.LargeBinary(16), nullable=False, server_default=sa.text(nothing))
    op.add_column("ledger_entry", aid)
    op.create_index("ledger_entry_by_moment", "ledger_entry", ["booked_at"])
    if postgresql:
        check_references_late()
    else:
        make_postings_anew()
    op.create_index("ledger_posting_of_entry", "ledger_posting", ["entry_id"])
    op.create_index("ledger_posting_of_account", "ledger_posting", ["account", "currency", "amount_minor"])
    refuse("ledger_entry", UNBALANCED, "the postings of an entry do not sum to zero")
    refuse("ledger_posting", STANDS, "the entry stands")


def create_timer() -> None:
    op.create_table(
        "timer",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("lane", sa.String(35), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("slot", UtcDateTime, nullable=False),
        sa.Column("spread", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("held_by", sa.String(64)),
        sa.Column("held_until", UtcDateTime),
    )
    op.create_index("timer_due", "timer", ["due_at"])
    op.create_index("timer_shard", "timer", ["kind", "lane", "slot", "spread"])
    op.create_table(
        "shard_plan",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("lane", sa.String(35), primary_key=True),
        sa.Column("slot", UtcDateTime, primary_key=True),
        sa.Column("shards", sa.Integer, nullable=False),
        sa.Column("started_at", UtcDateTime),
    )


def create_executor() -> None:
    op.create_table(
        "executor",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("seen_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "executor_leader",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("executor", sa.String(64), nullable=False),
        sa.Column("leads_until", UtcDateTime, nullable=False),
    )


def check_references_late() -> None:
    op.drop_constraint("ledger_posting_entry_id_fkey", "ledger_posting")
    op.create_foreign_key(
        None, "ledger_posting", "ledger_entry", ["entry_id"], ["id"], deferrable=True, initially="DEFERRED"
    )


def make_postings_anew() -> None:
    """SQLite changes no constraint of a table that is there; with the old table go its triggers."""
    op.create_table(
        "ledger_posting_anew",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "entry_id",
            sa.Integer,
            sa.ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
    )
    op.execute(
        "INSERT INTO ledger_posting_anew SELECT id, entry_id, account, amount_minor, currency FROM ledger_posting"
    )
    op.drop_table("ledger_posting")
    op.rename_table("ledger_posting_anew", "ledger_posting")
    make_append_only("ledger_posting")


def refuse(table: str, when: str, why: str) -> None:
    """Rows of which `when` is true do not come in."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_whole() RETURNS trigger AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$ "
        "LANGUAGE plpgsql"
    )
    op.execute(f"CREATE TRIGGER {table}_whole BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_whole()")
