"""What the acquirer keeps, in SQLite: one connection, one thread at a time. Of a card it keeps the last digits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.simulators.acquirer.schema import SCHEMA

MEMORY = Path(":memory:")
SHOWN = (
    *("transaction_id", "kind", "amount_minor", "authorised_minor", "currency", "interface", "mac_checked"),
    *("arqc_checked", "pin_checked", "last4", "response_code", "authorisation_code", "why", "times_asked"),
)


@dataclass(frozen=True)
class Authorisation:
    """One row; `arqc_checked`: the issuer verified the card's cryptogram."""

    transaction_id: str
    kind: str
    amount_minor: int
    authorised_minor: int
    currency: str
    interface: str
    ksn: str
    original: str | None
    asked: bytes
    mac_checked: bool
    arqc_checked: bool
    pin_checked: bool | None
    last4: str | None
    response_code: str
    authorisation_code: str | None
    why: str
    answer: bytes
    authorised_at: str


class Store:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(SCHEMA)
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile; an exception leaves nothing of it. One in another is a part of it."""
        with self._lock:
            begin, commit, rollback = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
            if self._connection.in_transaction:
                begin, commit, rollback = "SAVEPOINT part", "RELEASE part", "ROLLBACK TO part"
            self._connection.execute(begin)
            try:
                yield
            except BaseException:
                self._connection.execute(rollback)
                raise
            self._connection.execute(commit)

    def one(self, query: str, *values: Any) -> Any:
        """The first row, None when there is none."""
        return self._connection.execute(query, values).fetchone()

    def all(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> int:
        """How many rows."""
        return self._connection.execute(statement, values).rowcount

    def add(self, table: str, **row: Any) -> None:
        places = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))

    # ---- authorisations ----

    def repeated(self, transaction_id: bytes) -> tuple[bytes, bytes] | None:
        """What was asked under the id and what was answered, counting one more time; None when it is new."""
        row = self.one(
            "UPDATE authorisation SET times_asked = times_asked + 1 WHERE transaction_id = ? RETURNING asked, answer",
            transaction_id.hex(),
        )
        return (row["asked"], row["answer"]) if row else None

    def has_seen_key(self, ksn: bytes) -> bool:
        return self.one("SELECT 1 FROM authorisation WHERE ksn = ?", ksn.hex()) is not None

    def add_authorisation(self, authorisation: Authorisation) -> None:
        self.add("authorisation", **vars(authorisation))

    def authorisations(self) -> list[dict[str, Any]]:
        return [_shown(row) for row in self.all(f"SELECT {', '.join(SHOWN)} FROM authorisation ORDER BY rowid")]

    # ---- answers ----

    def answered(self, function: str, exchange_id: int) -> tuple[bytes, bytes] | None:
        """What was asked in that exchange and what was answered."""
        row = self.one(
            "SELECT asked, answer FROM exchange WHERE function = ? AND exchange_id = ?", function, exchange_id
        )
        return (row["asked"], row["answer"]) if row else None

    def keep_answer(self, function: str, exchange_id: int, asked: bytes, answer: bytes) -> bytes:
        self.add("exchange", function=function, exchange_id=exchange_id, asked=asked, answer=answer)
        return answer

    def withdrawals(self, transaction_id: str) -> dict[str, str]:
        """Reason by kind."""
        rows = self.all("SELECT kind, reason FROM withdrawal WHERE transaction_id = ?", transaction_id)
        return {row["kind"]: row["reason"] for row in rows}

    def close(self) -> None:
        self._connection.close()


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    facts = dict(row)
    for name in ("mac_checked", "arqc_checked", "pin_checked"):
        facts[name] = None if facts[name] is None else bool(facts[name])
    return facts
