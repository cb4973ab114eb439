"""The readers' end of the evening: a day that the acquirer has is acknowledged, then parameters are applied.

Both are repeated at each connection until the reader has said that they are durable; parameters that fail leave the
acknowledgement good. A parameter that concerns the host, the hour of the cut-off, counts once a reader has checked the
signature: the host has no key of the acquirer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from host.acquirer.errors import AcquirerError
from host.acquirer.model import Parameters
from host.clock import Clock
from host.database import Work
from host.telecollection.model import Alert, AlertKind, Contract
from host.telecollection.ports import Acquirers, Captures, Reader, Readers
from host.telecollection.schedule import evening
from host.telecollection.store import TelecollectionStore
from host.terminal.errors import AnotherReader, TerminalError
from protocol import cbor
from protocol.errors import MalformedCbor

CUT_OFF = "telecollection"  # the timer; key: contract


class Acknowledging:
    def __init__(
        self,
        store: TelecollectionStore,
        captures: Captures,
        acquirers: Acquirers,
        readers: Readers,
        at_next_cut_off: Callable[[Work, Contract], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._captures = captures
        self._acquirers = acquirers
        self._readers = readers
        self._at_next_cut_off = at_next_cut_off
        self._clock = clock

    async def acknowledge(self, serial: str) -> int:
        """How many days were; a reader that is away hears of them when it is back. It purges them then, with payments
        that came to nothing, too: those whose end we never heard are asked for before."""
        with self._store.transaction() as work:
            owed = self._store.days.to_acknowledge(work, serial)
        done = 0
        try:
            for day in owed:
                reader = await self._reach(serial)
                await self._captures.settle(serial)
                await reader.acknowledge(day.number, day.hash)
                with self._store.transaction() as work:
                    self._store.days.acknowledged(work, serial, day.number, self._clock.now())
                done += 1
        except TerminalError:
            pass
        return done

    async def fetch_parameters(self, contract_id: str) -> int:
        """The newest version that there is for the readers."""
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
            newest = self._store.contracts.newest_parameters(work, contract_id)
        version = newest.version if newest else 0
        try:
            fetched = await self._acquirers(contract).parameters(version)
        except AcquirerError as error:
            self._failed(contract_id, contract_id, type(error).__name__)
            return version
        self._applied(contract_id)
        if fetched is None:
            return version
        with self._store.transaction() as work:
            self._store.contracts.keep_parameters(work, contract_id, fetched, self._clock.now())
        return fetched.version

    async def apply_parameters(self, serial: str) -> bool:
        """Whether the reader has the newest ones."""
        with self._store.transaction() as work:
            owed = self._store.contracts.owed_parameters(work, serial)
        if owed is None:
            return True
        contract_id, newest = owed
        try:
            reader = await self._reach(serial)
            applied = await reader.apply_parameters(newest.contract, newest.signature)
        except AnotherReader:  # it hears of them at its own till
            return False
        except TerminalError as error:
            self._failed(contract_id, serial, error.code)
            return False
        with self._store.transaction() as work:
            self._store.contracts.seen(work, serial, self._clock.now(), applied)
        self._applied(serial)
        self._adopt(contract_id, newest)
        return True

    async def _reach(self, serial: str) -> Reader:
        reader = self._readers(serial)
        welcome = await reader.connect()
        if welcome["serial"] != serial:
            raise AnotherReader(serial)
        return reader

    def _adopt(self, contract_id: str, applied: Parameters) -> None:
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
            if applied.version <= contract.parameters_version:
                return
            told = told_by(contract, applied)
            self._store.contracts.save(work, told)
            if (told.cut_off, told.zone) != (contract.cut_off, contract.zone):
                self._at_next_cut_off(work, told)

    def _failed(self, contract_id: str, key: str, why: str) -> None:
        now = self._clock.now()
        alert = Alert(AlertKind.PARAMETERS_FAILED, key, contract_id, now, detail=why)
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
            self._store.alerts.raise_(work, alert, evening(contract, now))

    def _applied(self, key: str) -> None:
        with self._store.transaction() as work:
            self._store.alerts.clear(work, AlertKind.PARAMETERS_FAILED, key, self._clock.now())


def told_by(contract: Contract, applied: Parameters) -> Contract:
    """The contract with what signed parameters say for the host (`telecollection`: time "HH:MM", zone)."""
    newer = replace(contract, parameters_version=applied.version)
    try:
        hour = cbor.decode(applied.contract)["telecollection"]
        return replace(newer, cut_off=time.fromisoformat(hour["time"]), zone=ZoneInfo(hour["zone"]).key)
    except (MalformedCbor, KeyError, TypeError, ValueError):
        return newer
