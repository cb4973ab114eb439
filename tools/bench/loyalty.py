"""Loyalty at a size: a card recognised among a million members, analysis over five million visits, and a sale's share.

Rows are made by the database itself, random ones; before analysis is asked for, the system forgets the file's pages.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import text

from host.database import Database, Work
from host.loyalty.analysis import ClientList
from host.loyalty.model import MemberView, Range, Visit
from tests.host.loyalty_bench import Shop, goods
from tools.bench.measure import Measure

SMALL, LARGE = (50_000, 250_000), (1_000_000, 5_000_000)  # members, visits
RECOGNISED, SALES = 2_000, 500
LAST = datetime(2026, 11, 21, 18, tzinfo=UTC)
DAYS = 3 * 365

SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :count) "
MEMBERS = (
    SERIES + "INSERT INTO loyalty_client SELECT printf('%032x', n), 'member', :at, :at, "
    "datetime(:at, '-' || (n % 900000) || ' minutes') || '.000000', :at, NULL, "
    "1 + n % 40, abs(random()) % 100000, :at, :at, 0 FROM series",
    SERIES
    + "INSERT INTO identity SELECT printf('%032x', n), printf('+336%08d', n), NULL, NULL, 'fr', 1, 0 FROM series",
    SERIES + "INSERT INTO loyalty_card SELECT randomblob(32), printf('%032x', n), :at, NULL FROM series",
    SERIES + "INSERT INTO loyalty_balance SELECT printf('%032x', n), 'points', n % 300, NULL FROM series",
)
# A moment is of one of DAYS days and, locally, of one of thirteen hours.
VISITS = (
    SERIES + "INSERT INTO loyalty_visit (kind, reference, ticket, client_id, at, day, hour, visits, amount_minor, "
    "by_member, programme, basket) SELECT 'sale', 'C0-' || n, 'C0-' || n, "
    "printf('%032x', 1 + abs(random()) % :members), datetime(:at, '-' || (n % :days) || ' days') || '.000000', "
    "date(:at, '-' || (n % :days) || ' days'), 8 + n % 13, 1, 100 + abs(random()) % 5000, 1, 1, '[]' FROM series",
    "INSERT INTO loyalty_hour SELECT day, hour, count(*), sum(amount_minor), count(*), sum(amount_minor), 0 "
    "FROM loyalty_visit GROUP BY day, hour",
    "INSERT INTO loyalty_gap SELECT day, 1 + id % 5, count(*) FROM loyalty_visit GROUP BY 1, 2",
)


async def measure() -> list[Measure]:
    return _measured(*SMALL)


async def measure_long() -> list[Measure]:
    return _measured(*LARGE)


def _measured(members: int, visits: int) -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        shop = _filled(path, members, visits)
        measures = [*_recognition(shop, members), *_sales(shop, visits)]
        shop.database.close()
        shop.database.scrub()
        shop.database.close()
        return [*measures, *_analysis(path, shop, visits)]


def _filled(path: Path, members: int, visits: int) -> Shop:
    """Without a log, with much memory, and the one index whose order is random made at the end."""
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    facts = {"at": LAST.replace(tzinfo=None).isoformat(" "), "members": members, "days": DAYS}
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "secure_delete=OFF"):
        raw.execute(f"PRAGMA {pragma}").close()
    raw.execute("BEGIN")
    raw.execute("DROP INDEX loyalty_visit_of_client")
    for count, statements in ((members, MEMBERS), (visits, VISITS)):
        for statement in statements:
            raw.execute(statement, facts | {"count": count})
    raw.execute("CREATE INDEX loyalty_visit_of_client ON loyalty_visit (client_id, at)")
    raw.execute("ANALYZE")
    raw.execute("COMMIT")
    raw.close()
    return Shop(Database(f"sqlite:///{path}"))


def _tokens(work: Work, count: int) -> list[bytes]:
    """Spread over all cards."""
    least = "SELECT token FROM loyalty_card WHERE token >= :from ORDER BY token LIMIT 1"
    asked = [os.urandom(32) for _ in range(count)]
    return [token for each in asked if (token := work.scalar(text(least), {"from": each}))]


def _recognition(shop: Shop, members: int) -> list[Measure]:
    """By the clock, and by the processor's time, which others on the machine do not add to."""
    with shop.store.transaction() as work:
        tokens = _tokens(work, RECOGNISED)
    took_ms, busy_ms = [], []
    for token in tokens:
        begun_s, busy_s = time.perf_counter(), time.thread_time()
        assert isinstance(shop.service.greeting(token), MemberView)
        took_ms.append(1000 * (time.perf_counter() - begun_s))
        busy_ms.append(1000 * (time.thread_time() - busy_s))
    return [
        Measure(f"a card greeted among {members} members, p95", quantiles(took_ms, n=20)[-1], "ms", 1.0),
        Measure("of it, the processor's time, p95", quantiles(busy_ms, n=20)[-1], "ms"),
    ]


def _sales(shop: Shop, visits: int) -> list[Measure]:
    """Without the commit, which a sale has anyway."""
    with shop.store.transaction() as work:
        tokens = _tokens(work, SALES)
    summed_s: list[float] = []
    store = shop.store.visits
    for name in ("count", "count_gaps", "count_classes"):
        setattr(store, name, _timed(getattr(store, name), summed_s))
    begun_s = time.perf_counter()
    with shop.store.transaction() as work:
        for number, token in enumerate(tokens):
            shop.service.booking.visited(work, _visit(shop, number, token))
    whole_ms = 1000 * (time.perf_counter() - begun_s) / len(tokens)
    return [
        Measure(f"a sale booked among {visits} visits", whole_ms, "ms"),
        Measure("of it, the sums that pages read", 1000 * sum(summed_s) / len(tokens), "ms"),
    ]


def _timed(do: Callable[..., None], took_s: list[float]) -> Callable[..., None]:
    def timed(*facts: Any) -> None:
        begun_s = time.perf_counter()
        do(*facts)
        took_s.append(time.perf_counter() - begun_s)

    return timed


def _analysis(path: Path, shop: Shop, visits: int) -> list[Measure]:
    today = LAST.date()
    ranges = [Range(date(2000, 1, 1), today), Range(today - timedelta(days=400), today - timedelta(days=37))]
    analysis = shop.service.analysis
    questions: list[Callable[[], Any]] = [lambda each=each: analysis.overview(each) for each in ranges]
    questions += [lambda each=each: analysis.traffic(each) for each in ranges]
    questions += [lambda each=each: analysis.frequency(each) for each in ranges]
    questions += [lambda each=each: analysis.clients(each) for each in ClientList]
    took_s = [_cold(path, shop.database, ask) for ask in questions]
    return [Measure(f"the slowest question of analysis, {visits} visits, cold", max(took_s), "s", 1.0)]


def _cold(path: Path, database: Database, ask: Callable[[], Any]) -> float:
    """With a new connection, and nothing of the file in memory."""
    database.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    begun_s = time.perf_counter()
    ask()
    return time.perf_counter() - begun_s


def _visit(shop: Shop, number: int, token: bytes) -> Visit:
    basket = (goods(1250),)
    return Visit(f"C1-{number}", shop.clock.now(), basket[0].paid, basket, token)
