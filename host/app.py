"""Where the host is put together: the one place that knows every part. Each part can be replaced by keyword.

Screens are put on top by whoever wants them: a sale needs neither NiceGUI nor FastAPI, which take a second to import.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from host.acquirer.caaa import Parties
from host.acquirer.caaa_link import CaaaLink
from host.clock import Clock, SystemClock
from host.database import Database
from host.jobs.inline import InlineJobs
from host.jobs.port import Jobs
from host.jobs.timers import TimerTable
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.payment.advice import AdviceStore
from host.payment.captures import CaptureStore
from host.payment.commits import Commits
from host.payment.day_book import DayBook
from host.payment.ports import Acquirer, Terminal
from host.payment.service import PaymentService
from host.payment.store import PaymentStore
from host.point_of_sale.receipts import Seller
from host.point_of_sale.service import TillService
from host.point_of_sale.store import TillStore
from host.settings import Settings
from host.telecollection.ports import Acquirer as CollectingAcquirer
from host.telecollection.ports import Reader
from host.telecollection.service import Engine, TelecollectionService
from host.telecollection.store import TelecollectionStore
from host.telecollection.terms import allows_store_and_forward

TICK_S = 1.0  # between two looks at the timers

log = logging.getLogger(__name__)


@dataclass
class App:
    settings: Settings
    database: Database
    terminal: Terminal
    acquirer: Acquirer
    clock: Clock
    timers: TimerTable
    ledger: LedgerService
    payments: PaymentService
    till: TillService
    telecollection: TelecollectionService
    book: DayBook
    tick_s: float = TICK_S
    _timing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bring the database up to date, and what a crash left open to an end; from now on timers run."""
        self.database.migrate()
        self.timers.release()
        await self.payments.resolve_unknown()
        self.till.settle()
        self._timing = asyncio.create_task(self._run_timers())

    async def _run_timers(self) -> None:
        while True:
            try:
                await self.timers.run_due(self.clock.now())
            except Exception:  # such as a database that is busy: the timers are there still
                log.exception("timers could not be run")
            await asyncio.sleep(self.tick_s)

    def offline_allowed(self) -> bool:
        """May the merchant switch store and forward on? Only where a reader's signed contract says so."""
        with self.database.transaction() as work:
            return allows_store_and_forward(work)

    def declined_later(self) -> dict[bytes, str]:
        """By transaction id, the acquirer's reason for each line that it rejected and that stands."""
        overview = self.telecollection.overview
        rejected = [each for contract in overview.contracts() for each in overview.rejected(contract.id)]
        return {each.line.transaction_id: each.line.reason or "" for each in rejected}

    async def close(self) -> None:
        if self._timing is not None:
            self._timing.cancel()
        if isinstance(self.acquirer, CaaaLink):
            await self.acquirer.close()
        self.database.close()


def build(
    settings: Settings,
    terminal: Terminal,
    *,
    acquirer: Acquirer | None = None,
    clock: Clock | None = None,
    database: Database | None = None,
    jobs: Jobs | None = None,
    tick_s: float = TICK_S,
    random: Callable[[int], bytes] = os.urandom,
) -> App:
    """`terminal` is the client of a reader on its link (host/terminal/client.py)."""
    clock = clock or SystemClock()
    acquirer = acquirer or CaaaLink(settings.acquirer_url, _parties(settings), settings.acquirer_deadline_s)
    database = database or Database(settings.database_url or f"sqlite:///{settings.database}")
    ledger = LedgerService(LedgerStore(), clock)
    store = PaymentStore(database)
    timers = TimerTable(database)
    validity = timedelta(days=settings.preauthorisation_days)
    commits = Commits(store, CaptureStore(), AdviceStore(), ledger, timers, clock, validity)
    payments = PaymentService(commits, terminal, acquirer, clock, random, settings.default_brand)
    till = TillService(TillStore(database), payments, clock, _seller(settings))
    collected = TelecollectionStore(database)
    telecollection = TelecollectionService(
        collected,
        payments.copies,
        lambda _: cast(Reader, terminal),
        lambda _: cast(CollectingAcquirer, acquirer),
        Engine(jobs or InlineJobs(), timers, clock, random),
        settings.remittances or settings.database.parent / "remittances",
    )
    book = DayBook(commits, collected.days.sealed_or_remitted)
    return App(
        settings, database, terminal, acquirer, clock, timers, ledger, payments, till, telecollection, book, tick_s
    )


def _parties(settings: Settings) -> Parties:
    return Parties(settings.acquirer_id, settings.merchant.id, settings.merchant.name, settings.poi_id)


def _seller(settings: Settings) -> Seller:
    merchant = settings.merchant
    return Seller(
        merchant.name,
        merchant.address,
        merchant.town,
        merchant.siret,
        merchant.vat_number,
        settings.till,
        settings.poi_id,
    )
