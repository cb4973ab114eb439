"""The host's share of a card sale: what it takes beside reader and acquirer, and beside bare SQLite for the same rows.

The payment service, its stores, the ledger and the caaa link are the shipped ones; reader and acquirer are stand-ins
whose time does not count. The statements of recorded sales are then done again by sqlite3 alone, in turns with sales.
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
from sqlalchemy import event

from host.acquirer.caaa import Parties
from host.acquirer.caaa_authorisation import read_request, write_answer
from host.acquirer.caaa_link import CaaaLink
from host.acquirer.model import AuthorisationAnswer
from host.app import App, build
from host.clock import SystemClock
from host.database import Database, Work
from host.money import Money
from host.settings import Settings
from tests.host.stand_ins import Reader, chip_sale
from tools.bench.measure import Measure

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
TURNS, SALES_A_TURN = 15, 20
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


class WatchedDatabase(Database):
    """Counts its transactions and the time in them, and notes their statements while `noted` is a list."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.spent_s = 0.0
        self.commits = 0
        self.noted: list[list[Statement]] | None = None
        event.listen(self.engine, "before_cursor_execute", self._note)

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        began = time.perf_counter()
        if self.noted is not None:
            self.noted.append([])
        with super().transaction() as work:
            yield work
        self.commits += 1
        self.spent_s += time.perf_counter() - began

    def _note(self, _work: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        if self.noted is not None and not sql.startswith("BEGIN"):
            self.noted[-1].append((sql, parameters, many))


class Till:
    def __init__(self, folder: Path) -> None:
        self.acquirer = StandInAcquirer()
        link = CaaaLink("http://acquirer/caaa", PARTIES, 10, transport=self.acquirer)
        self.database = WatchedDatabase(f"sqlite:///{folder / 'till.db'}")
        self.database.migrate()
        self.app: App = build(
            Settings(), Reader(chip_sale), acquirer=link, clock=SystemClock(), database=self.database, random=os.urandom
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

    async def noted(self, count: int) -> list[list[Statement]]:
        """The transactions of so many sales, with their statements."""
        self.database.noted = []
        for _ in range(count):
            await self.sell()
        noted, self.database.noted = self.database.noted, None
        return noted


def bare(path: Path) -> sqlite3.Connection:
    """A database as the till's is, with its tables, on which sqlite3 works alone."""
    Database(f"sqlite:///{path}").migrate()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
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


async def measure() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="zinc-") as name:
        folder = Path(name)
        till, connection = Till(folder), bare(folder / "bare.db")
        do_again(connection, await till.noted(SALES_A_TURN))  # the first ones fill caches
        shares: list[float] = []
        bare_s = store_s = 0.0
        commits = till.database.commits
        for _ in range(TURNS):
            before = till.database.spent_s
            shares += [await till.sell() for _ in range(SALES_A_TURN)]
            store_s += till.database.spent_s - before
            counted = till.database.commits
            bare_s += do_again(connection, await till.noted(SALES_A_TURN))
            till.database.commits = counted
        commits = till.database.commits - commits
        connection.close()
        await till.app.close()
    sales = TURNS * SALES_A_TURN
    p50 = statistics.median(shares)
    return [
        Measure("host share of a card sale, p50", p50 * 1000, "ms", 10),
        Measure("host share: sales a second, one after another", sales / sum(shares), "sales/s"),
        Measure("host share: commits a sale", commits / sales, "commits"),
        Measure("host share: bare SQLite, same rows and commits", bare_s / sales * 1000, "ms"),
        Measure("host share: store layer, times bare SQLite", store_s / bare_s, "times", 2),
        Measure("host share: all of it, times bare SQLite", sum(shares) / bare_s, "times"),
    ]
