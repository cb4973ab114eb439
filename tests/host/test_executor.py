"""Tills and executors on one PostgreSQL: a till closes the day of its reader, an executor takes it to the acquirer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from host.acquirer.caaa_link import CaaaLink
from host.acquirer.iso8583_link import Iso8583Link
from host.database import Database
from host.executor import Executor, Ways
from host.jobs.dbos_jobs import Limits
from host.jobs.direct import DirectJobs
from host.jobs.timers import TimerTable, timers
from host.settings import Collecting, Settings
from host.telecollection.service import GRACE, TelecollectionService
from host.telecollection.states import DayState, State
from host.telecollection.store import TelecollectionStore
from tests.support import night
from tests.support.postgresql import PostgreSQL

LINES = 3
DEADLINE_S = 60


class Hand:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Acquirer(night.TakesAll):
    """Says when the last step of so many merchants was reached."""

    def __init__(self, merchants: int) -> None:
        super().__init__()
        self.merchants = merchants
        self.all_done = asyncio.Event()

    async def settlements(self, after: str = "") -> tuple[bytes, ...]:
        self.merchants -= 1
        if not self.merchants:
            self.all_done.set()
        return ()


class Shops:
    """Merchants 0, 1, 2, each with a till and a reader of the same number, on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(database=folder / "till.db", database_url=url)
        self.database = Database(url)
        self.clock = Hand(night.CUT_OFF + timedelta(seconds=2))
        self.timers = TimerTable(self.database, "till")
        night.fill(self.database, 3, LINES)
        where = (self.database, folder, LINES, DirectJobs(), self.timers, self.clock)
        self.till: TelecollectionService = night.service_of(*where, grace=GRACE, runs=False)
        for number in range(3):
            self.till.add_contract(night.merchant(number, [number]))

    def meets(self, number: int) -> None:
        """The till of that merchant looks at its reader, as it does twice a minute."""
        asyncio.run(self.till.reader_connected(f"{number:08}"))

    def night(self) -> None:
        """An executor, from the end of the grace until it has collected all three."""
        self.clock.moment = night.CUT_OFF + GRACE + timedelta(seconds=1)
        asyncio.run(self._night())

    async def _night(self) -> None:
        acquirer, ended = Acquirer(3), asyncio.Event()
        executor = Executor(self.settings, "one", lambda _: acquirer, self.clock)
        running = asyncio.create_task(executor.run(ended))
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.wait(
                [running, asyncio.create_task(acquirer.all_done.wait())], return_when=asyncio.FIRST_COMPLETED
            )
        ended.set()
        await running

    def latest(self, number: int) -> tuple[State, int]:
        (remittance,) = self.till.overview.history(f"M{number:07}")
        return remittance.state, remittance.count

    def day(self, number: int) -> DayState | None:
        day = self.till.overview.day(f"{number:08}", 1)
        return day.state if day else None

    def alerts(self, number: int) -> list[str]:
        return [alert.kind.value for alert in self.till.overview.alerts(f"M{number:07}")]


@pytest.fixture
def shops(postgresql: PostgreSQL, tmp_path: Path) -> Iterator[Shops]:
    url = postgresql.new_database()
    shops = Shops(url, tmp_path)
    yield shops
    shops.database.close()
    postgresql.drop(url)


@pytest.mark.covers("services/SC-1", "services/SC-2", "services/T-9")
def test_what_the_tills_closed_the_executor_collects_and_the_tills_acknowledge(shops: Shops) -> None:
    shops.meets(0)
    shops.meets(1)
    assert asyncio.run(shops.timers.run_due(shops.clock.moment + timedelta(days=1))) == 0, "no till runs an evening"
    shops.night()
    assert [shops.latest(number) for number in range(3)] == [
        (State.ACKED, LINES),
        (State.ACKED, LINES),
        (State.ACKED, 0),
    ]
    assert [shops.alerts(number) for number in range(3)] == [[], [], ["reader_absent"]]
    assert shops.day(0) is DayState.SEALED, "its reader has not heard of it"
    shops.meets(0)
    assert [shops.day(number) for number in range(3)] == [DayState.ACKNOWLEDGED, DayState.SEALED, None]


@pytest.mark.covers("services/SC-2")
def test_a_merchant_keeps_its_fixed_hour(shops: Shops) -> None:
    """The timer of the next evening is as long after its cut-off as this one's, whenever the shard had its turn."""
    with shops.database.transaction() as work:
        due = set(work.scalars(select(timers.c.due_at)))
    assert due == {night.CUT_OFF + GRACE}
    shops.meets(0)
    shops.night()
    with shops.database.transaction() as work:
        rows = work.execute(select(timers.c.due_at, timers.c.lane).where(timers.c.kind == "telecollection")).all()
    assert set(rows) == {(night.CUT_OFF + GRACE + timedelta(days=1), "ZINC-ACQUIRER")}


def test_a_reader_closes_its_day_once_and_only_within_the_grace(shops: Shops) -> None:
    shops.meets(0)
    with shops.database.transaction() as work:
        (before,) = TelecollectionStore(shops.database).remittances.history(work, "M0000000", 9)
    shops.meets(0)
    assert shops.till.overview.history("M0000000") == [before]
    shops.clock.moment += GRACE
    shops.meets(1)
    assert (shops.day(1), shops.till.overview.history("M0000001")) == (None, []), "its day goes with tomorrow's"


def test_by_hand_the_till_asks_the_executors(shops: Shops) -> None:
    remittance = asyncio.run(shops.till.collect_now("M0000002"))
    assert shops.till.remittance(remittance).state is State.OPEN
    with shops.database.transaction() as work:
        due = work.scalars(select(timers.c.due_at).where(timers.c.kind == "remittance")).all()
    assert due == [shops.clock.moment]


@pytest.mark.covers("services/SC-5")
def test_an_executor_without_a_shared_database_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        Executor(Settings(), "one")


@pytest.mark.covers("services/SC-2")
def test_of_an_acquirer_there_are_limits() -> None:
    assert Limits(8).of_the_engine() == {"partition_concurrency": 8}
    limited = Limits(8, 4).of_the_engine()
    assert limited == {"partition_concurrency": 8, "partition_limiter": {"limit": 4, "period": 60.0}}


@pytest.mark.covers("services/SC-2", "services/TC-4")
def test_each_acquirer_has_its_own_way_and_no_more_connections_than_are_allowed() -> None:
    settings = Settings(
        acquirer_urls={"OLD": "iso8583://127.0.0.1:8583"},
        acquirer_key="00" * 16,  # pyright: ignore[reportArgumentType]
        collecting=Collecting(connections=7),
    )
    ways = Ways(settings)
    assert isinstance(ways.to(night.merchant(1, [1])), CaaaLink)
    ours, theirs = night.merchant(2, [2]), night.merchant(3, [3])
    assert ways._of(ours.acquirer_id) is ways._of(theirs.acquirer_id), "merchants share the connections to theirs"
    assert ways._of(ours.acquirer_id)._pool._max_connections == 7  # pyright: ignore[reportAttributeAccessIssue]
    assert isinstance(ways.to(replace(ours, acquirer_id="OLD")), Iso8583Link)
    asyncio.run(ways.close())
