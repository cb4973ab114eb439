"""A telecollection with stand-ins at its ends; the rest is real: service, store, database, timers, the batch's XML, and
the engine's inline adapter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from host.acquirer.model import CaptureLine
from host.database import Database, metadata
from host.jobs.inline import InlineJobs, Kept
from host.jobs.timers import TimerTable, timers
from host.ledger.model import Scheme
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.money import Money
from host.telecollection.model import Contract, Remittance
from host.telecollection.ports import Copy
from host.telecollection.schedule import next_cut_off
from host.telecollection.service import Engine, TelecollectionService
from host.telecollection.store import TelecollectionStore
from tests.host.telecollection_stand_ins import AID, StandInAcquirer, StandInCaptures, StandInReader

CONTRACT = "ZINC-C1"
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # a Friday


class Crash(BaseException):
    """The process dies; nothing catches it."""


class ManualClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@dataclass
class Bench:
    """`restart` is a new process over the same database and engine."""

    folder: Path
    readers: int = 1
    cut_off: time = time(22, 0)
    zone: str = "Europe/Paris"
    start: datetime = START
    url: str = ""
    database: Database = field(default=None)  # pyright: ignore
    acquirer: Any = field(default_factory=StandInAcquirer)
    captures: StandInCaptures = field(default_factory=StandInCaptures)
    kept: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.clock = ManualClock(self.start)
        self.sold = self.drawn = 0
        self.all: dict[str, StandInReader] = {}
        self.pauses: list[float] = []
        self.during_pause: Callable[[], None] = lambda: None
        self.database = self.database or Database(self.url or f"sqlite:///{self.folder / 'till.db'}")
        metadata.create_all(self.database.engine)
        self.captures.book = self._book
        self.restart()
        for number in range(1, self.readers + 1):
            serial = f"ZINC-{number:04}"
            self.all[serial] = StandInReader(serial)
        names = tuple(self.all)
        self.contract = Contract(CONTRACT, "Café du Zinc", "ZINC-ACQUIRER", self.cut_off, self.zone, names)
        self.service.add_contract(self.contract)

    @property
    def reader(self) -> StandInReader:
        return self.all["ZINC-0001"]

    def restart(self) -> None:
        self.store = TelecollectionStore(self.database)
        self.timers = TimerTable(self.database)
        self.timers.release()
        self.ledger = LedgerService(LedgerStore(), self.clock)
        self.service = self.process(self.kept)

    def process(self, kept: Kept) -> TelecollectionService:
        """Another one over the same database, with its own engine unless `kept` is shared."""
        self.jobs = InlineJobs(kept)
        engine = Engine(self.jobs, self.timers, self.clock, self._random, self._pause)
        return TelecollectionService(
            TelecollectionStore(self.database),
            self.captures,
            self.ledger,
            lambda serial: self.all[serial],
            lambda contract: self.acquirer,
            engine,
            self.folder / "remittances",
        )

    def sale(
        self, amount_minor: int = 1250, reader: str = "ZINC-0001", kind: str = "purchase", copied: bool = True
    ) -> bytes:
        self.sold += 1
        key = hashlib.sha256(b"%d" % self.sold).digest()[:16]
        line = CaptureLine(
            transaction_id=key,
            kind=kind,
            amount=Money(amount_minor),
            amount_other_minor=0,
            interface="contact",
            taken_at=f"{self.clock.moment:%Y%m%d%H%M%S}",
            icc_data=b"\x9a\x03\x26\x11\x20",
            response_code=b"00",
            authorisation_code="123456",
            ksn=self.sold.to_bytes(12, "big"),
            sealed_card=bytes(16),
            mac=key[:8],
        )
        self.sell(Copy(reader, line, "cb", AID), copied)
        return key

    def sell(self, copy: Copy, copied: bool = True) -> None:
        key, reader = copy.line.transaction_id, self.all[copy.reader]
        reader.open.append(copy)
        reader.records[key] = self.captures.records[key] = copy
        if copied:
            self.captures.keep(copy.reader, {"transaction_id": key})

    def _book(self, copy: Copy) -> None:
        """What is done in the commit that stores the copy."""
        line, scheme = copy.line, Scheme(copy.brand, copy.aid)
        record = self.ledger.record_refund if line.kind == "refund" else self.ledger.record_sale
        with self.database.transaction() as work:
            record(work, line.transaction_id, line.amount, scheme=scheme)

    async def at(self, moment: datetime) -> None:
        """Time goes on to then; every timer that is due on the way runs when it is due."""
        while (due := self._next_due()) is not None and due <= moment:
            self.clock.moment = max(due, self.clock.moment)
            await self.timers.run_due(self.clock.moment)
        self.clock.moment = moment

    async def evening(self) -> Remittance:
        """On to a minute after the next cut-off; the remittance of it."""
        with self.store.transaction() as work:
            contract = self.store.contracts.get(work, CONTRACT)
        await self.at(next_cut_off(contract, self.clock.moment) + timedelta(seconds=10))
        return self.latest()

    async def next_evening(self) -> Remittance:
        """The same for a till that was off since: nothing is tried in between."""
        with self.store.transaction() as work:
            contract = self.store.contracts.get(work, CONTRACT)
        self.clock.moment = next_cut_off(contract, self.clock.moment)
        await self.timers.run_due(self.clock.moment)
        return self.latest()

    async def evenings(self, count: int) -> Remittance:
        for _ in range(count - 1):
            await self.evening()
        return await self.evening()

    def history(self) -> list[Remittance]:
        """The oldest first."""
        return self.service.overview.history(CONTRACT, 1000)[::-1]

    def latest(self) -> Remittance:
        return self.service.overview.history(CONTRACT, 1)[0]

    def alerts(self) -> dict[str, int]:
        return {alert.kind.value: alert.grows for alert in self.service.overview.alerts(CONTRACT)}

    def _next_due(self) -> datetime | None:
        with self.store.transaction() as work:
            return work.scalar(select(func.min(timers.c.due_at)))

    def _random(self, length: int) -> bytes:
        self.drawn += 1
        return hashlib.sha256(b"random %d" % self.drawn).digest()[:length]

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.during_pause()

    def close(self) -> None:
        self.database.close()
