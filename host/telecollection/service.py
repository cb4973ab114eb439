"""The nightly telecollection: every evening at a contract's hour, and by hand (services/T-9).

A remittance is opened, and one run of the workflow drives its row as far as it comes: readers close their day, the
batch leaves, totals are compared, days are acknowledged, parameters applied. A run does not depend on what another one
did: each step looks at the row and does what is left. What stays open is gone on with by a timer, in a run with a key
of its own, and by the next evening's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from host.clock import Clock
from host.database import Work
from host.group_commit import after_commit
from host.jobs.port import Jobs, Steps, Timers
from host.telecollection.acknowledge import CUT_OFF, Acknowledging
from host.telecollection.again import PresentingAgain
from host.telecollection.books import Books
from host.telecollection.compose import Composing
from host.telecollection.deliver import LOST_AFTER, Delivery
from host.telecollection.errors import UnknownContract
from host.telecollection.gather import Gathering
from host.telecollection.lost import declare_lost
from host.telecollection.model import Contract, LostReader, Phase, Progress, Remittance
from host.telecollection.opening import Opening
from host.telecollection.overview import Overview
from host.telecollection.ports import Acquirers, Captures, Ledger, Readers
from host.telecollection.progress import Watch, Watched
from host.telecollection.reconcile import RETRY, Reconciling
from host.telecollection.schedule import last_cut_off, next_cut_off
from host.telecollection.settle import Imported, Settling
from host.telecollection.states import UNANSWERED, State
from host.telecollection.store import TelecollectionStore

WORKFLOW = "telecollect"
GRACE = timedelta(minutes=5)  # where executors run the evenings


@dataclass(frozen=True)
class Engine:
    """What runs and wakes the workflow, and the time it lives by."""

    jobs: Jobs
    timers: Timers
    clock: Clock
    random: Callable[[int], bytes]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep  # in seconds
    grace: timedelta = timedelta(0)  # from the cut-off to the run, in which tills close the days of their readers
    runs: bool = True  # False for a till whose evenings executors run (host/executor.py)


class TelecollectionService:
    def __init__(
        self,
        store: TelecollectionStore,
        captures: Captures,
        ledger: Ledger,
        readers: Readers,
        acquirers: Acquirers,
        engine: Engine,
        folder: Path,
    ) -> None:
        """folder: where the files of remittances are kept. Readers and acquirers hear of what is durable alone."""
        jobs, timers, clock = engine.jobs, engine.timers, engine.clock
        reader_of, acquirer_of = readers, acquirers
        readers, acquirers = (
            lambda serial: after_commit(reader_of(serial)),
            lambda each: after_commit(acquirer_of(each)),
        )
        self._store = store
        self._captures = captures
        self._engine = engine
        self._composing = Composing(store, captures, acquirers, clock, folder)
        self._gathering = Gathering(store, captures, readers, clock, engine.pause)
        self._opening = Opening(store, clock, engine.random)
        self._delivery = Delivery(store, captures, ledger, acquirers, self._composing, timers, clock)
        books, forget = Books(store, ledger, clock), self._composing.forget
        self._reconciling = Reconciling(store, captures, acquirers, books, timers, clock, forget)
        self._acknowledging = Acknowledging(store, captures, acquirers, readers, self._timers_set, clock)
        self._settling = Settling(store, ledger, acquirers, clock)
        self._again = PresentingAgain(store, clock)
        self.overview = Overview(store, captures, self._composing)
        self._watched = Watched()
        self._closed_at: dict[str, datetime] = {}  # by reader, the last cut-off at which this till closed its day
        self._say = self._watched.say
        jobs.register(WORKFLOW, self.telecollect)
        if engine.runs:
            timers.handle(CUT_OFF, self.cut_off)
            timers.handle(RETRY, self.go_on)

    # ---- when ----

    def add_contract(self, contract: Contract) -> None:
        """Collected from its next cut-off on."""
        with self._store.transaction() as work:
            self._store.contracts.add(work, contract)
            self._timers_set(work, contract)

    def add_reader(self, contract_id: str, serial: str) -> None:
        """Of that contract, unless it is of one already."""
        with self._store.transaction() as work:
            try:
                self._store.contracts.contract_of(work, serial)
            except UnknownContract:
                self._store.contracts.add_reader(work, contract_id, serial)

    async def cut_off(self, contract_id: str) -> None:
        """The timer of a contract is due; it is set again once the run is durable, so that none is skipped."""
        now = self._engine.clock.now()
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
            due = last_cut_off(contract, now)
        if contract.active:
            remittance = self._opening.of_cut_off(contract, due)
            await self._engine.jobs.start(WORKFLOW, run_key(remittance))
        with self._store.transaction() as work:
            self._timers_set(work, self._store.contracts.get(work, contract_id))

    def clock_was_ahead(self, now: datetime) -> None:
        """It is right again: evenings that it has had and that have not come yet are collected all the same
        (faults/R-13)."""
        with self._store.transaction() as work:
            self._store.remittances.forget_evenings(work, now)

    async def collect_now(self, contract_id: str) -> int:
        """By hand, at any time: the remittance's id. Two tills that ask at once get the same one. Raises
        UnknownContract."""
        if not self._engine.runs:
            return self.ask(contract_id)
        remittance = self._opening.by_hand(contract_id)
        await self._engine.jobs.start(WORKFLOW, run_key(remittance))
        return remittance.id

    def ask(self, contract_id: str) -> int:
        """By hand, of the till that runs on this database, from another process: the remittance's id. Raises
        UnknownContract."""
        remittance = self._opening.by_hand(contract_id)
        with self._store.transaction() as work:
            self._engine.timers.set(work, RETRY, str(remittance.id), self._engine.clock.now())
        return remittance.id

    async def go_on(self, remittance_id: str) -> None:
        """Its timer is due: there was no answer, or a run was lost."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, int(remittance_id))
            if not is_owed(remittance):
                self._engine.timers.clear(work, RETRY, remittance_id)
                return
            remittance = replace(remittance, runs=remittance.runs + 1)
            self._store.remittances.save(work, remittance)
            self._engine.timers.set(work, RETRY, remittance_id, self._engine.clock.now() + LOST_AFTER)
        await self._engine.jobs.start(WORKFLOW, run_key(remittance))

    async def reader_connected(self, serial: str) -> None:
        """A reader is there: it hears what it missed, and closes its day where executors wait for that. Never raises
        for what the reader does."""
        if not self._engine.runs:
            await self._close_day(serial)
        await self._acknowledging.acknowledge(serial)
        await self._acknowledging.apply_parameters(serial)

    async def _close_day(self, serial: str) -> None:
        """At its cut-off, or when it is back within the grace; once."""
        now = self._engine.clock.now()
        with self._store.transaction() as work:
            contract = self._store.contracts.contract_of(work, serial)
        due = last_cut_off(contract, now)
        if contract.active and now < due + self._engine.grace and due != self._closed_at.get(serial):
            remittance = self._opening.of_cut_off(contract, due)
            await self._gathering.close(remittance.id, serial)
            self._closed_at[serial] = due

    # ---- the workflow ----

    async def telecollect(self, key: str, steps: Steps) -> None:
        """One run; `key` is of run_key."""
        remittance_id = int(key.partition(".")[0])
        try:
            await self._telecollect(remittance_id, steps)
        finally:
            self._say(remittance_id, Phase.ENDED, 1, 1)

    async def _telecollect(self, remittance_id: int, steps: Steps) -> None:
        """The same steps in the same order, whatever the row says meanwhile."""
        serials = (await steps.run("begin", lambda: self._begin(remittance_id))).split()
        for place, serial in enumerate(serials):
            self._say(remittance_id, Phase.CLOSING, place, len(serials))
            await steps.run(f"close {serial}", lambda serial=serial: self._gathering.close(remittance_id, serial))
        await steps.run("seal", lambda: self._seal(remittance_id))
        await steps.run("earlier", lambda: self._others(remittance_id, earlier=True))
        self._say(remittance_id, Phase.SENDING, 0, 1)
        await steps.run("send", lambda: self._delivery.send(remittance_id, self._wrote(remittance_id)))
        self._say(remittance_id, Phase.RECONCILING, 0, 1)
        await steps.run("reconcile", lambda: self._reconciling.run(remittance_id))
        await steps.run("later", lambda: self._others(remittance_id, earlier=False))
        for place, serial in enumerate(serials):
            self._say(remittance_id, Phase.ACKNOWLEDGING, place, len(serials))
            await steps.run(f"acknowledge {serial}", lambda serial=serial: self._acknowledging.acknowledge(serial))
        await steps.run("parameters", lambda: self._fetch_parameters(remittance_id))
        for place, serial in enumerate(serials):
            self._say(remittance_id, Phase.PARAMETERS, place, len(serials))
            await steps.run(f"apply {serial}", lambda serial=serial: self._apply(remittance_id, serial))
        await steps.run("funds", lambda: self._funds(remittance_id))

    async def _begin(self, remittance_id: int) -> str:
        """The readers, of which each is a step. A run that is lost is started anew."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            if is_owed(remittance):
                due = self._engine.clock.now() + LOST_AFTER
                self._engine.timers.set(work, RETRY, str(remittance_id), due)
            return " ".join(self._store.contracts.get(work, remittance.contract).readers)

    async def _seal(self, remittance_id: int) -> None:
        self._composing.seal(remittance_id, self._wrote(remittance_id))

    async def _others(self, remittance_id: int, earlier: bool) -> None:
        """Those of other evenings that are not finished, in their order; the first that is not answered now either
        says that the others would not be."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            unfinished = self._store.remittances.unfinished(work, remittance.contract)
        for each in unfinished:
            if each.id != remittance_id and (each.id < remittance_id) == earlier and each.state is not State.OPEN:
                if await self._delivery.send(each.id, self._wrote(each.id)) in UNANSWERED:
                    return
                await self._reconciling.run(each.id)

    async def _fetch_parameters(self, remittance_id: int) -> int:
        """In the call that was answered; without an answer there is none."""
        remittance = self.remittance(remittance_id)
        if remittance.state in UNANSWERED:
            return 0
        return await self._acknowledging.fetch_parameters(remittance.contract)

    async def _apply(self, remittance_id: int, serial: str) -> bool:
        remittance = self.remittance(remittance_id)
        return remittance.state not in UNANSWERED and await self._acknowledging.apply_parameters(serial)

    async def _funds(self, remittance_id: int) -> None:
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            contract = self._store.contracts.get(work, remittance.contract)
            self._settling.settle(work, remittance)
        if remittance.state not in UNANSWERED:
            await self._settling.fetch(contract)
        self._settling.look_for_absent(contract)

    def _timers_set(self, work: Work, contract: Contract) -> None:
        if contract.active:
            due = next_cut_off(contract, self._engine.clock.now() - self._engine.grace) + self._engine.grace
            self._engine.timers.set(work, CUT_OFF, contract.id, due, contract.acquirer_id)

    # ---- the merchant's ----

    def declare_lost(self, serial: str) -> LostReader:
        """The reader will not come back. Raises UnknownContract."""
        return declare_lost(self._store, self._captures, self._engine.clock, serial)

    def present_again(self, transaction_id: bytes) -> None:
        """A rejected line, corrected at the acquirer or not, goes into the next remittance under its own id. Raises
        NotRejected."""
        self._again.line(transaction_id)

    def present_day_again(self, reader: str, number: int) -> None:
        """A day that the acquirer refused as a whole goes as it is, under its seal, with the next remittance. Raises
        NotRejected."""
        self._again.day(reader, number)

    def import_statement(self, document: bytes) -> Imported:
        """camt.053 or camt.054. Raises MalformedStatement."""
        return self._settling.import_statement(document)

    def take_as_fee(self, remittance_id: int) -> None:
        """What came less than was due is the acquirer's commission. Raises NothingShort."""
        self._settling.take_as_fee(remittance_id)

    def look_for_absent_funds(self, contract_id: str) -> None:
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
        self._settling.look_for_absent(contract)

    # ---- progress ----

    def watch(self, watcher: Watch) -> Callable[[], None]:
        """Called at each progress of a remittance in this process; what it gives ends it."""
        return self._watched.watch(watcher)

    def progress(self, remittance_id: int) -> Progress:
        """As far as this process knows; of another's run, what its row says."""
        return self._watched.of(self.remittance(remittance_id))

    def remittance(self, remittance_id: int) -> Remittance:
        with self._store.transaction() as work:
            return self._store.remittances.get(work, remittance_id)

    def _wrote(self, remittance_id: int) -> Callable[[int], None]:
        return lambda done: self._say(remittance_id, Phase.WRITING, done, done)


def run_key(remittance: Remittance) -> str:
    """A run of the workflow: the same key is the same run."""
    return f"{remittance.id}.{remittance.runs}"


def is_owed(remittance: Remittance) -> bool:
    """There is something left to do with the acquirer."""
    asks = remittance.state in (State.ACKED, State.PARTLY_REJECTED, State.OUT_OF_BALANCE)
    return remittance.state in UNANSWERED or (asks and remittance.reconciled_at is None)
