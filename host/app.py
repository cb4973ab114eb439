"""Where the host is put together: the one place that knows every part. Each part can be replaced by keyword.

Screens are put on top by whoever wants them: a sale needs neither NiceGUI nor FastAPI, which take a second to import.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from host.acquirer.caaa import Parties
from host.acquirer.links import Link, link_to
from host.addressees import Addressees, sender
from host.clock import Clock, SystemClock
from host.database import Database
from host.jobs.dbos_jobs import DbosJobs
from host.jobs.executors import ExecutorTable
from host.jobs.heartbeat import Heartbeat
from host.jobs.inline import InlineJobs
from host.jobs.port import Jobs
from host.jobs.timers import TimerTable
from host.key_file import read_key
from host.ledger.service import LedgerService
from host.ledger.store import LedgerStore
from host.loyalty.parts import Parts
from host.loyalty.service import LoyaltyService
from host.loyalty.store import LoyaltyStore
from host.messaging.carriers import Carriers
from host.messaging.carriers import carriers as carriers_by
from host.messaging.limits import Limits
from host.messaging.quiet import Hours
from host.messaging.secret import Secret
from host.messaging.service import MessagingService
from host.messaging.smtp import Server
from host.messaging.store import MessageStore
from host.messaging.templates import House
from host.messaging.writing import Policy
from host.payment.advice import LONGEST_PAUSE, AdviceStore
from host.payment.advice import TIMER as ADVICE
from host.payment.captures import CaptureStore
from host.payment.commits import Commits
from host.payment.day_book import DayBook
from host.payment.ports import Acquirer, Terminal
from host.payment.service import PaymentService
from host.payment.store import PaymentStore
from host.point_of_sale.cardholder import CardholderLoyalty
from host.point_of_sale.receipts import Seller
from host.point_of_sale.service import TillService
from host.point_of_sale.store import TillStore
from host.settings import Settings
from host.telecollection.acknowledge import CUT_OFF
from host.telecollection.model import Contract
from host.telecollection.ports import Acquirer as CollectingAcquirer
from host.telecollection.ports import Reader
from host.telecollection.reconcile import RETRY
from host.telecollection.schedule import LONGEST_PAUSE as LONGEST_RETRY
from host.telecollection.service import GRACE, Engine, TelecollectionService
from host.telecollection.store import TelecollectionStore
from host.telecollection.terms import allows_store_and_forward, preauthorisation_days
from host.terminal.client import ReaderClient
from host.terminal.connection import Message
from host.web.sign_in.links import Links
from host.web.sign_in.service import Accounts

TICK_S = 1.0  # between two looks at the timers
ASK_AGAIN_S = 30.0  # for what a reader that is connected could not tell

UNLOOKED = datetime.max.replace(tzinfo=UTC)
# How far ahead a timer of a kind is set at most; a pre-authorisation's, as its contract says
AHEAD = {ADVICE: LONGEST_PAUSE, RETRY: LONGEST_RETRY, CUT_OFF: timedelta(hours=26)}

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
    carriers: Carriers
    messages: MessagingService
    loyalty: LoyaltyService
    accounts: Accounts
    jobs: Jobs
    tick_s: float = TICK_S
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _sending: asyncio.Task[None] | None = None
    _heart: Heartbeat | None = None
    _joined: set[str] = field(default_factory=set)  # serial numbers known to be of the contract
    _met: Message | None = None  # the reader's welcome when it heard what it had missed
    _looked_at: datetime = UNLOOKED  # at the timers, by the clock of then
    _asked_at_s: float = 0.0  # of the loop's clock: when the reader was asked for what is unsettled

    async def start(self) -> None:
        """Bring the database up to date, and what a crash left open to an end; from now on timers run."""
        self.database.migrate()
        self.timers.release()
        await self.payments.resolve_unknown()
        self.till.settle()
        self.loyalty.nights.start()
        if not self.telecollection.overview.contracts():
            self.telecollection.add_contract(_contract(self.settings))
        self.payments.listen(lambda payment, _: self._join(payment.reader))  # should it be gone before it is met
        if isinstance(self.jobs, DbosJobs):
            self._start_engine(self.jobs)
        self.messages.start()
        self._tasks.append(asyncio.create_task(self._run_timers()))

    def _start_engine(self, jobs: DbosJobs) -> None:
        """Beside what the till does first. Where other processes may share the work, it beats for them."""
        if self.settings.database_url:
            executors = ExecutorTable(self.database)
            self._heart = Heartbeat(executors, jobs, self.timers, self.settings.till, self.clock)
        self._tasks.append(asyncio.create_task(self._launch(jobs)))

    async def _launch(self, jobs: DbosJobs) -> None:
        await jobs.launch()
        await jobs.tidy(self.clock.now())
        if self._heart is not None:
            self._heart.start()

    async def _run_timers(self) -> None:
        while True:
            try:
                now = self.clock.now()
                if now < self._looked_at:  # the clock was put back, perhaps while nobody looked
                    self.timers.bring_back(now, AHEAD)
                    self.telecollection.clock_was_ahead(now)
                self._looked_at = now
                if self.timers.may_be_due(now):
                    await self.timers.run_due(now)
                self._send_messages(now)
                await self._meet_reader()
            except Exception:  # such as a database that is busy: the timers are there still
                log.exception("timers could not be run")
            await asyncio.sleep(self.tick_s)

    def _send_messages(self, now: datetime) -> None:
        """Beside the timers, since a gateway may take its time; one batch after the other."""
        if self.messages.may_be_due(now) and (self._sending is None or self._sending.done()):
            self._sending = asyncio.create_task(self._send_batch(now))

    async def _send_batch(self, now: datetime) -> None:
        try:
            await self.messages.run_due(now)
        except Exception:  # such as a database that is busy: what is not sent is due still
            log.exception("messages could not be sent")

    async def _meet_reader(self) -> None:
        """One that has connected is of the contract, from its first payment on: it may be gone when that has ended.
        It tells what we missed, and hears what it missed; not while it is in a payment. What it could not tell yet,
        such as of a payment that outlived its host, it is asked again."""
        reader = self.terminal
        if not isinstance(reader, ReaderClient) or not reader.connected:
            return
        is_new, serial, now_s = reader.welcome is not self._met, reader.welcome["serial"], self._now_s()
        self._join(serial)
        if reader.busy:
            return
        if is_new or now_s - self._asked_at_s >= ASK_AGAIN_S:
            self._met, self._asked_at_s = reader.welcome, now_s
            await self.payments.resolve_unknown(serial)
            if is_new or self.settings.collected_by_executors:
                await self.telecollection.reader_connected(serial)

    def _join(self, serial: str | None) -> None:
        """That reader is of the contract."""
        if serial is not None and serial not in self._joined:
            self.telecollection.add_reader(self.settings.evening.contract, serial)
            self._joined.add(serial)

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    def journal_used(self) -> int:
        """Percent, as the reader said when it connected."""
        return self.terminal.welcome.get("used", 0) if isinstance(self.terminal, ReaderClient) else 0

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
        for task in (*self._tasks, *([self._sending] if self._sending else [])):
            task.cancel()
        if self._heart is not None and self._heart.is_alive():
            await asyncio.to_thread(self._heart.stop)
        if isinstance(self.jobs, DbosJobs):
            await self.jobs.close()
        if isinstance(self.acquirer, Link):
            await self.acquirer.close()
        await self.carriers.close()
        self.database.close()


def build(
    settings: Settings,
    terminal: Terminal,
    *,
    acquirer: Acquirer | None = None,
    clock: Clock | None = None,
    database: Database | None = None,
    jobs: Jobs | None = None,
    carriers: Carriers | None = None,
    tick_s: float = TICK_S,
    random: Callable[[int], bytes] = os.urandom,
) -> App:
    """`terminal` is the client of a reader on its link (host/terminal/client.py); `jobs`: engine_of(settings), or
    unless given, without an engine; `carriers`: of messages, unless given those of the settings."""
    clock = clock or SystemClock()
    acquirer = acquirer or _link(settings)
    database = database or Database(settings.database_url or f"sqlite:///{settings.database}")
    ledger = LedgerService(LedgerStore(), clock)
    store = PaymentStore(database)
    timers = TimerTable(database, settings.till)
    jobs = jobs or InlineJobs()
    validity = timedelta(days=settings.preauthorisation_days)
    commits = Commits(store, CaptureStore(), AdviceStore(), ledger, timers, clock, validity, preauthorisation_days)
    payments = PaymentService(commits, terminal, acquirer, clock, random, settings.default_brand)
    carriers = carriers or carriers_of(settings)
    key = partial(read_key, settings.database.with_suffix(".key"), random)
    secret, links = Secret(key), Links(key, settings.public_url)
    reach = Addressees(LoyaltyStore(database), links, clock)
    messages = _messages(settings, database, timers, clock, carriers, secret, reach)
    accounts = Accounts(database, links, sender(messages), clock, random)
    zone = ZoneInfo(settings.evening.zone)
    parts = Parts(LoyaltyStore(database), messages, secret.number_hash, timers, clock, random, zone)
    loyalty = LoyaltyService(parts)
    till = TillService(TillStore(database), payments, clock, _seller(settings), loyalty)
    if isinstance(terminal, ReaderClient):
        terminal.loyalty.programme = CardholderLoyalty(loyalty, payments, till)
    collected = TelecollectionStore(database)
    telecollection = TelecollectionService(
        collected,
        payments.copies,
        ledger,
        lambda _: cast(Reader, terminal),
        lambda _: cast(CollectingAcquirer, acquirer),
        _evenings(settings, Engine(jobs, timers, clock, random)),
        settings.remittances or settings.database.parent / "remittances",
    )
    book = DayBook(commits, collected.days.sealed_or_remitted)
    return App(
        settings,
        database,
        terminal,
        acquirer,
        clock,
        timers,
        ledger,
        payments,
        till,
        telecollection,
        book,
        carriers,
        messages,
        loyalty,
        accounts,
        jobs,
        tick_s,
    )


def engine_of(settings: Settings) -> DbosJobs:
    """What keeps the evening's work through a crash: a file beside the database, or where the database is. One a
    process; it starts with the app, and a second later."""
    url = settings.database_url or f"sqlite:///{settings.database.with_name('jobs.db')}"
    return DbosJobs(url, settings.till)


def carriers_of(settings: Settings) -> Carriers:
    """Raises InvalidGatewayFile."""
    mail = settings.mail
    server = mail and Server(
        mail.host, mail.port, mail.sender, mail.user, mail.password.get_secret_value(), mail.security
    )
    return carriers_by(settings.sms_gateway, server)


def _messages(
    settings: Settings,
    database: Database,
    timers: TimerTable,
    clock: Clock,
    carriers: Carriers,
    secret: Secret,
    reach: Addressees,
) -> MessagingService:
    offers, terms = settings.offers, carriers.terms
    house = House(settings.merchant.name, f"{settings.public_url}/fidelite", terms.stop, f"{settings.public_url}/leave")
    limits = Limits(offers.codes_an_hour, offers.messages_a_day, campaigns_month=offers.offers_a_month)
    hours = Hours(
        offers.opens,
        offers.closes,
        offers.sundays,
        offers.holidays,
        region=offers.region,
        zone=settings.evening.zone,
    )
    return MessagingService(
        MessageStore(database),
        reach,
        carriers.ways(),
        Policy(house, limits, terms.countries, terms.price),
        hours,
        timers,
        clock,
        secret,
    )


def _evenings(settings: Settings, engine: Engine) -> Engine:
    return replace(engine, grace=GRACE, runs=False) if settings.collected_by_executors else engine


def _link(settings: Settings) -> Link:
    key = bytes.fromhex(settings.acquirer_key.get_secret_value())
    return link_to(settings.acquirer_url, _parties(settings), settings.acquirer_deadline_s, key)


def _contract(settings: Settings) -> Contract:
    evening = settings.evening
    return Contract(evening.contract, settings.merchant.id, settings.acquirer_id, evening.cut_off, evening.zone)


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
