"""The tables of loyalty. `identity` alone says who a client is; every other row has its opaque id.

What must happen once is a unique index, whatever is told again. Visits, entries and consents are append-only. Rollups
(`loyalty_balance`, `_census`, `_hour`, `_gap`, `_class`, sums in `loyalty_client`) change together with what they sum.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from host.database import UtcDateTime, metadata

ID = String(32)  # of a client: 16 random bytes in hex

identities = Table(
    "identity",
    metadata,
    Column("member_id", ID, primary_key=True),
    Column("number", String(16), nullable=False, index=True),  # E.164
    Column("email", String(254)),
    Column("birthday", String(5), index=True),  # MM-DD
    Column("language", String(2), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("email_confirmed", Boolean, nullable=False),
)
Index("identity_of_number_once", identities.c.number, unique=True, sqlite_where=identities.c.confirmed,
      postgresql_where=identities.c.confirmed)  # fmt: skip

clients = Table(
    "loyalty_client",
    metadata,
    Column("id", ID, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("last_contact_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("merged_into", ID, index=True),
    Column("visits", Integer, nullable=False),
    Column("turnover_minor", BigInteger, nullable=False),
    Column("first_visit_at", UtcDateTime),
    Column("last_visit_at", UtcDateTime),
    Column("rewards", Integer, nullable=False),
    Index("loyalty_client_best", "turnover_minor", "id"),
    Index("loyalty_client_newest", "joined_at", "id"),
    Index("loyalty_client_inactive", "last_visit_at", "id"),
    Index("loyalty_client_kept", "state", "last_contact_at"),
)
census = Table(  # kept by triggers, whoever changes a client's state
    "loyalty_census",
    metadata,
    Column("state", String(16), primary_key=True),
    Column("clients", Integer, nullable=False),
)
cards = Table(
    "loyalty_card",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),  # of a card, or of the account that cards share
    Column("client_id", ID, index=True),  # None: it refused before it was seen
    Column("linked_at", UtcDateTime, nullable=False),
    Column("asked_again_at", UtcDateTime, index=True),  # it refused: not asked before
)
consents = Table(
    "loyalty_consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member_id", ID, nullable=False, index=True),
    Column("subject", String(16), nullable=False),
    Column("answer", Boolean, nullable=False),
    Column("text", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
codes = Table(
    "loyalty_code",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("member_id", ID, nullable=False, index=True),
    Column("valid_until", UtcDateTime, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("purpose", String(16), nullable=False),
)
erasures = Table(
    "loyalty_erasure",
    metadata,
    Column("member_id", ID, primary_key=True),
    Column("number_hash", LargeBinary(32), nullable=False, index=True),
    Column("erased_at", UtcDateTime, nullable=False),
    Column("kept_until", UtcDateTime, nullable=False, index=True),
)
programmes = Table(
    "loyalty_programme",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)
visits = Table(
    "loyalty_visit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # sale, return, cancellation
    Column("reference", String(64), nullable=False),
    Column("ticket", String(64), nullable=False),
    Column("client_id", ID),
    Column("at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),  # local, as the hour is
    Column("hour", Integer, nullable=False),
    Column("visits", Integer, nullable=False),  # 1, 0, -1
    Column("amount_minor", BigInteger, nullable=False),  # signed
    Column("by_member", Boolean, nullable=False),  # when it was
    Column("programme", Integer, nullable=False),
    Column("basket", Text, nullable=False),  # of a sale
    UniqueConstraint("kind", "reference", name="loyalty_visit_once"),
    Index("loyalty_visit_of_client", "client_id", "at"),
    Index("loyalty_visit_of_ticket", "ticket"),
)
entries = Table(
    "loyalty_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("counter", String(16), nullable=False),
    Column("member_id", ID, nullable=False, index=True),
    Column("points", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("ticket", String(64), nullable=False, index=True),
    Column("reward", String(40), nullable=False),  # label of what it bought
    Column("expires_at", UtcDateTime),
    UniqueConstraint("kind", "reference", "counter", name="loyalty_entry_once"),
)
balances = Table(
    "loyalty_balance",
    metadata,
    Column("member_id", ID, primary_key=True),
    Column("counter", String(16), primary_key=True),
    Column("points", Integer, nullable=False),
    Column("next_expiry", UtcDateTime, index=True),
)
hours = Table(
    "loyalty_hour",
    metadata,
    Column("day", Date, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("visits", Integer, nullable=False),
    Column("turnover_minor", BigInteger, nullable=False),
    Column("member_visits", Integer, nullable=False),
    Column("member_turnover_minor", BigInteger, nullable=False),
    Column("enrolments", Integer, nullable=False),
)
gaps = Table(
    "loyalty_gap",
    metadata,
    Column("day", Date, primary_key=True),
    Column("gap", Integer, primary_key=True),  # rules.gap
    Column("visits", Integer, nullable=False),
)
class_days = Table(
    "loyalty_class",
    metadata,
    Column("day", Date, primary_key=True),
    Column("legal_class", String(16), primary_key=True),
    Column("sold_minor", BigInteger, nullable=False),
    Column("promoted_minor", BigInteger, nullable=False),  # of it, with something off
)
