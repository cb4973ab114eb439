"""The host's share of a card sale: what it takes beside reader and acquirer, and beside bare SQLite for the same rows.

The payment service, its stores, the ledger and the caaa link are the shipped ones; reader and acquirer are stand-ins
whose time does not count. In turns with its sales, those of another till have their statements noted, and sqlite3 alone
does these again.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event, select

from host.acquirer.caaa import Parties
from host.acquirer.caaa_authorisation import read_request, write_answer
from host.acquirer.caaa_link import CaaaLink
from host.acquirer.model import AuthorisationAnswer
from host.app import App, build
from host.clock import SystemClock
from host.database import Database, Work, prepare_sqlite
from host.money import Money
from host.payment.store import payments
from host.settings import Settings
from tests.host.stand_ins import Reader, chip_sale
from tools.bench.measure import Measure

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
TURNS, SALES_A_TURN = 15, 20
A_YEAR = 80_000  # payments: thirteen months of 200 a day
Statement = tuple[str, Any, bool]  # text, parameters, and whether they are several rows


class StandInAcquirer(httpx.AsyncBaseTransport):
    """Approves all; its own time is counted, to be taken off."""

    spent_s = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        began = time.perf_counter()
        asked = read_request(body)
        answer = AuthorisationAnswer(asked.transaction_id, True, b"00", "123456", b"", bytes(8), True)
        written = write_answer(answer, asked, datetime.now(UTC), PARTIES)
        self.spent_s += time.perf_counter() - began
        return httpx.Response(200, content=written)


class TimedDatabase(Database):
    """Counts its transactions and the time in them."""

    spent_s = 0.0
    commits = 0

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        began = time.perf_counter()
        with super().transaction() as work:
            yield work
        self.commits += 1
        self.spent_s += time.perf_counter() - began


class NotingDatabase(Database):
    """Notes the statements of its transactions, which takes time."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.noted: list[list[Statement]] = [[]]
        event.listen(self.engine, "before_cursor_execute", self._note)

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        self.noted.append([])
        with super().transaction() as work:
            yield work

    def _note(self, _work: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        self.noted[-1].append((sql, parameters, many))


class Till:
    """One that is connected to its reader, as it is between sales."""

    def __init__(self, database: Database) -> None:
        self.acquirer = StandInAcquirer()
        link = CaaaLink("http://acquirer/caaa", PARTIES, 10, transport=self.acquirer)
        database.migrate()
        reader = Reader(chip_sale)
        reader.connected_serial = reader.serial
        self.app: App = build(
            Settings(), reader, acquirer=link, clock=SystemClock(), database=database, random=os.urandom
        )
        self.sales = 0

    async def sell(self) -> float:
        """The host's share of one sale, in seconds."""
        self.sales += 1
        before, began = self.acquirer.spent_s, time.perf_counter()
        payment = await self.app.payments.take_payment(Money(1250), f"C1-{self.sales}")
        took = time.perf_counter() - began - (self.acquirer.spent_s - before)
        assert payment.approved, payment.why
        return took

    async def sell_some(self) -> list[float]:
        return [await self.sell() for _ in range(SALES_A_TURN)]


def bare(path: Path) -> sqlite3.Connection:
    """A database as the till's is, with its tables, on which sqlite3 works alone."""
    Database(f"sqlite:///{path}").migrate()
    connection = sqlite3.connect(path, isolation_level=None)
    prepare_sqlite(connection, None)
    return connection


def do_again(connection: sqlite3.Connection, transactions: list[list[Statement]]) -> float:
    """Seconds that the same transactions take."""
    began = time.perf_counter()
    for statements in transactions:
        connection.execute("BEGIN IMMEDIATE")
        for sql, parameters, many in statements:
            (connection.executemany if many else connection.execute)(sql, parameters).fetchall()
        connection.execute("COMMIT")
    return time.perf_counter() - began


def grow(database: Database, count: int) -> None:
    """So many payments more, each like the first one but for its ids."""
    with database.transaction() as work:
        row = work.execute(select(payments).limit(1)).one()._asdict() | {"ledger_entry": None}
        ids = (number.to_bytes(8, "big") for number in range(count))
        own = ({"request_id": key, "order_reference": key.hex(), "transaction_id": key * 2} for key in ids)
        work.execute(payments.insert(), [row | each for each in own])


async def measure() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="zinc-") as name:
        timed, noting = TimedDatabase(f"sqlite:///{name}/timed.db"), NotingDatabase(f"sqlite:///{name}/noting.db")
        till, other, connection = Till(timed), Till(noting), bare(Path(name) / "bare.db")
        shares: list[float] = []
        bare_s = 0.0
        for turn in range(1 + TURNS):
            took = await till.sell_some()
            noting.noted.clear()
            await other.sell_some()
            again_s = do_again(connection, noting.noted)
            if turn == 0:  # the first ones fill caches
                timed.spent_s = timed.commits = 0
            else:
                shares += took
                bare_s += again_s
        connection.close()
        store_s, commits = timed.spent_s, timed.commits
        grow(timed, A_YEAR)
        await till.sell_some()
        after_a_year = await till.sell_some()
        for each in (till, other):
            await each.app.close()
    sales = len(shares)
    return [
        Measure("host share of a card sale, p50", statistics.median(shares) * 1000, "ms", 10),
        Measure(f"the same after {A_YEAR} payments", statistics.median(after_a_year) * 1000, "ms", 10),
        Measure("host share of a card sale, mean (100 a second)", sum(shares) / sales * 1000, "ms", 10),
        Measure("host share: commits a sale", commits / sales, "commits"),
        Measure("host share: bare SQLite, same rows and commits", bare_s / sales * 1000, "ms"),
        Measure("host share: store layer, times bare SQLite", store_s / bare_s, "times", 2),
        Measure("host share: all of it, times bare SQLite", sum(shares) / bare_s, "times"),
    ]
