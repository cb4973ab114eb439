"""What the acquirer remembers of each transaction: its answer, for whoever asks again; of the card its last digits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS authorisation (
    transaction_id TEXT PRIMARY KEY,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    interface TEXT NOT NULL,
    ksn TEXT NOT NULL,
    asked BLOB NOT NULL,  -- SHA-256 of what was asked
    mac_checked INTEGER NOT NULL,
    arqc_checked INTEGER NOT NULL,
    pin_checked INTEGER,
    last4 TEXT,
    response_code TEXT NOT NULL,
    authorisation_code TEXT,
    why TEXT NOT NULL,
    answer BLOB NOT NULL,  -- as it went out
    times_asked INTEGER NOT NULL DEFAULT 1
) STRICT
"""
SHOWN = (
    *("transaction_id", "amount_minor", "currency", "interface", "mac_checked", "arqc_checked", "pin_checked", "last4"),
    *("response_code", "authorisation_code", "why", "times_asked"),
)


@dataclass(frozen=True)
class Authorisation:
    """One row; `arqc_checked`: the issuer verified the card's cryptogram."""

    transaction_id: str
    amount_minor: int
    currency: str
    interface: str
    ksn: str
    asked: bytes
    mac_checked: bool
    arqc_checked: bool
    pin_checked: bool | None
    last4: str | None
    response_code: str
    authorisation_code: str | None
    why: str
    answer: bytes


class Store:
    """One connection, one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(SCHEMA)
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile; an exception leaves nothing of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def repeated(self, transaction_id: bytes) -> tuple[bytes, bytes] | None:
        """What was asked under the id and what was answered, counting one more time; None when it is new."""
        row = self._connection.execute(
            "UPDATE authorisation SET times_asked = times_asked + 1 WHERE transaction_id = ? RETURNING asked, answer",
            (transaction_id.hex(),),
        ).fetchone()
        return (row["asked"], row["answer"]) if row else None

    def has_seen_key(self, ksn: bytes) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM authorisation WHERE ksn = ?", (ksn.hex(),)).fetchone())

    def add(self, authorisation: Authorisation) -> None:
        facts = vars(authorisation)
        places = ", ".join(f":{name}" for name in facts)
        self._connection.execute(f"INSERT INTO authorisation ({', '.join(facts)}) VALUES ({places})", facts)

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            rows = self._connection.execute(f"SELECT {', '.join(SHOWN)} FROM authorisation ORDER BY rowid").fetchall()
        return [_shown(row) for row in rows]

    def close(self) -> None:
        self._connection.close()


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    facts = dict(row)
    for name in ("mac_checked", "arqc_checked", "pin_checked"):
        facts[name] = None if facts[name] is None else bool(facts[name])
    return facts
