"""An executor: runs the evenings of many merchants beside others on one PostgreSQL (services/SC-1, SC-2, SC-7).

It has no reader and no screen. Tills that share its database (`Settings.collected_by_executors`) close the days of
their readers at the cut-off; after a grace the executors take each contract's remittance to its acquirer, in shards,
and the tills acknowledge what was answered. `docs/scale.md` says how many to run.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from typing import cast

import httpx

from host.acquirer.caaa import Parties
from host.acquirer.links import link_to
from host.clock import Clock, SystemClock
from host.database import Database, Work
from host.jobs.dbos_jobs import DbosJobs, Limits
from host.jobs.direct import DirectJobs
from host.jobs.executors import ExecutorTable
from host.jobs.heartbeat import Heartbeat
from host.jobs.shards import SHARD, ShardedTimers
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.payment.captures import CaptureStore
from host.payment.ports import Message
from host.settings import Settings
from host.telecollection.acknowledge import CUT_OFF
from host.telecollection.model import Contract
from host.telecollection.ports import Acquirer, Acquirers, Reader, Readers
from host.telecollection.reconcile import RETRY
from host.telecollection.service import GRACE, Engine, TelecollectionService
from host.telecollection.store import TelecollectionStore
from host.terminal.errors import AnotherReader

SCANNED_EVERY_S = 1.0
TIDIED_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class Elsewhere:
    """Any reader: none is here. telecollection.ports.Reader as far as it is asked."""

    def __init__(self, serial: str) -> None:
        self._serial = serial

    async def connect(self) -> Message:
        raise AnotherReader(self._serial)


def elsewhere(serial: str) -> Reader:
    return cast(Reader, Elsewhere(serial))


class KeptCopies(CaptureStore):
    """telecollection.ports.Captures of a host without readers: what its tills have kept."""

    def keep(self, reader: str, result: Message) -> None:  # noqa: ARG002
        raise AnotherReader(reader)

    def without_copy(self, work: Work, reader: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    async def settle(self, reader: str) -> None:
        raise AnotherReader(reader)


class Executor:
    """One a process. `name` is the same in its next life."""

    def __init__(
        self,
        settings: Settings,
        name: str,
        acquirers: Acquirers | None = None,
        clock: Clock | None = None,
        readers: Readers = elsewhere,
    ) -> None:
        """Raises ValueError: executors share a PostgreSQL database. `acquirers`: unless given, by the settings."""
        if not settings.database_url:
            raise ValueError("executors share a database: ZINC_DATABASE_URL")
        collecting = settings.collecting
        a_minute = collecting.merchants_a_minute and -(-collecting.merchants_a_minute // SHARD)
        limits = Limits(collecting.shards_of_an_acquirer, a_minute)
        self._clock = clock or SystemClock()
        self._database = Database(settings.database_url)
        self._jobs = DbosJobs(settings.database_url, name, collecting.shards_at_once, limits)
        self.timers = ShardedTimers(self._database, self._jobs, self._clock, {CUT_OFF, RETRY}, name)
        self._ways = Ways(settings)
        self.telecollection = TelecollectionService(
            TelecollectionStore(self._database),
            KeptCopies(),
            LedgerService(LedgerStore(), self._clock),
            readers,
            acquirers or self._ways.to,
            Engine(DirectJobs(), self.timers, self._clock, os.urandom, grace=GRACE),
            settings.remittances or settings.database.parent / "remittances",
        )
        executors = ExecutorTable(self._database)
        self._make_heart: Callable[[], Heartbeat] = lambda: Heartbeat(
            executors, self._jobs, self.timers, name, self._clock
        )

    async def run(self, ended: asyncio.Event) -> None:
        """Until then; what it has in hand is left as it is, and goes on in its next life or in another's."""
        self._database.migrate()
        self.timers.release()
        heart = self._make_heart()
        await self._jobs.launch()
        heart.start()
        tidied = self._clock.now()
        await self._jobs.tidy(tidied)
        while not ended.is_set():
            now = self._clock.now()
            try:
                await self.timers.run_due(now)
                if now - tidied >= TIDIED_EVERY:
                    tidied = now
                    await self._jobs.tidy(now)
            except Exception:  # such as a database that is away for a while: the timers are there still
                log.exception("timers could not be run")
            await _either(ended, SCANNED_EVERY_S)
        await asyncio.to_thread(heart.stop)
        await self._jobs.close()
        await self._ways.close()
        self._database.close()


class Ways:
    """To each contract's acquirer; of connections there are not more than the settings say, whatever is asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connections: dict[str, httpx.AsyncHTTPTransport] = {}  # by acquirer

    def to(self, contract: Contract) -> Acquirer:
        settings = self._settings
        parties = Parties(contract.acquirer_id, contract.merchant, contract.merchant, settings.poi_id)
        key = bytes.fromhex(settings.acquirer_key.get_secret_value())
        transport = self._of(contract.acquirer_id)
        return link_to(settings.url_of(contract.acquirer_id), parties, settings.acquirer_deadline_s, key, transport)

    def _of(self, acquirer: str) -> httpx.AsyncHTTPTransport:
        if acquirer not in self._connections:
            most = httpx.Limits(max_connections=self._settings.collecting.connections, max_keepalive_connections=0)
            self._connections[acquirer] = httpx.AsyncHTTPTransport(limits=most, trust_env=False)
        return self._connections[acquirer]

    async def close(self) -> None:
        for transport in self._connections.values():
            await transport.aclose()


async def _either(ended: asyncio.Event, timeout_s: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), timeout_s)
    except TimeoutError:
        pass
