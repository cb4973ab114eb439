"""The acquirer's books as tables. Constraints hold what must never be: an id captured twice, an amount of nothing."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS authorisation (
    transaction_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    authorised_minor INTEGER NOT NULL CHECK (authorised_minor BETWEEN 0 AND amount_minor),  -- 0: declined
    currency TEXT NOT NULL,
    interface TEXT NOT NULL,
    ksn TEXT NOT NULL,
    original TEXT,  -- of a refund by reference
    asked BLOB NOT NULL,  -- SHA-256 of what was asked
    mac_checked INTEGER NOT NULL,
    arqc_checked INTEGER NOT NULL,
    pin_checked INTEGER,
    last4 TEXT,
    response_code TEXT NOT NULL,
    authorisation_code TEXT,
    why TEXT NOT NULL,
    answer BLOB NOT NULL,  -- as it went out
    authorised_at TEXT NOT NULL,
    times_asked INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS authorisation_ksn ON authorisation (ksn);
CREATE INDEX IF NOT EXISTS authorisation_original ON authorisation (original) WHERE original IS NOT NULL;

-- Also of ids that were never seen: an authorisation that comes after is declined
CREATE TABLE IF NOT EXISTS withdrawal (
    transaction_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reversal', 'cancellation')),
    reason TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (transaction_id, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS capture (
    transaction_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    brand TEXT NOT NULL,  -- brand and AID as the totals of its data set have them
    aid TEXT NOT NULL,
    original TEXT,
    offline INTEGER NOT NULL,
    exchange_id INTEGER,  -- of the batch; none: captured by a completion advice
    data_set TEXT,
    captured_at TEXT NOT NULL,
    presented INTEGER NOT NULL DEFAULT 1  -- by how many data sets
) STRICT;
CREATE INDEX IF NOT EXISTS capture_exchange ON capture (exchange_id);
CREATE INDEX IF NOT EXISTS capture_data_set ON capture (data_set);
CREATE INDEX IF NOT EXISTS capture_original ON capture (original) WHERE original IS NOT NULL;

-- Answers as they went out, for whoever asks again
CREATE TABLE IF NOT EXISTS exchange (
    function TEXT NOT NULL,
    exchange_id INTEGER NOT NULL,
    asked BLOB NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (function, exchange_id)
) STRICT;

-- Of those that were taken
CREATE TABLE IF NOT EXISTS data_set (
    id TEXT PRIMARY KEY,
    reader TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB,  -- none: lines without a seal
    cancellations TEXT NOT NULL,  -- of its totals
    answer TEXT NOT NULL,
    UNIQUE (reader, hash)
) STRICT;
CREATE INDEX IF NOT EXISTS data_set_day ON data_set (reader, number);

-- Of which batches they were, the first and others that brought them again
CREATE TABLE IF NOT EXISTS batch (
    exchange_id INTEGER NOT NULL,
    data_set TEXT NOT NULL REFERENCES data_set (id),
    PRIMARY KEY (exchange_id, data_set)
) STRICT;

CREATE TABLE IF NOT EXISTS settlement (
    id INTEGER PRIMARY KEY,
    exchange_id INTEGER NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,  -- below 0: the merchant owes it
    booked_on TEXT NOT NULL
) STRICT;
"""

LEDGER = """
SELECT ids.transaction_id, coalesce(a.kind, c.kind) AS kind, coalesce(a.authorised_minor, 0) AS authorised_minor,
    EXISTS (SELECT 1 FROM withdrawal w WHERE w.transaction_id = ids.transaction_id AND w.kind = 'reversal') AS reversed,
    EXISTS (SELECT 1 FROM withdrawal w WHERE w.transaction_id = ids.transaction_id AND w.kind = 'cancellation')
        AS cancelled,
    coalesce(c.amount_minor, 0) AS captured_minor, coalesce(c.offline, 0) AS offline,
    coalesce(c.presented, 0) AS presented,
    (SELECT coalesce(sum(r.amount_minor), 0) FROM capture r WHERE r.original = ids.transaction_id) AS refunded_minor,
    a.authorised_at
FROM (SELECT transaction_id FROM authorisation UNION SELECT transaction_id FROM withdrawal
    UNION SELECT transaction_id FROM capture) ids
LEFT JOIN authorisation a ON a.transaction_id = ids.transaction_id
LEFT JOIN capture c ON c.transaction_id = ids.transaction_id
"""
