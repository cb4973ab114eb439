"""FUNDED: only when a settlement notice or a bank statement says so, to the cent (services/T-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from host.acquirer.errors import AcquirerError
from host.clock import Clock
from host.database import Work
from host.money import Money
from host.telecollection.errors import MalformedStatement, NothingShort
from host.telecollection.funds import Funds, last_notice, read_funds
from host.telecollection.model import Alert, AlertKind, Contract, Remittance
from host.telecollection.ports import Acquirers, Ledger
from host.telecollection.schedule import evening
from host.telecollection.states import TAKEN, State
from host.telecollection.store import TelecollectionStore


@dataclass(frozen=True)
class Imported:
    """How many entries were matched to a remittance, and those that name none of ours."""

    matched: int
    unmatched: tuple[Funds, ...] = ()


class Settling:
    def __init__(self, store: TelecollectionStore, ledger: Ledger, acquirers: Acquirers, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._acquirers = acquirers
        self._clock = clock

    def import_statement(self, document: bytes) -> Imported:
        """Of the bank or the acquirer; the same one again changes nothing. Raises MalformedStatement."""
        entries = read_funds(document)
        unmatched: list[Funds] = []
        with self._store.transaction() as work:
            for funds in entries:
                if not self._match(work, funds):
                    unmatched.append(funds)
        return Imported(len(entries) - len(unmatched), tuple(unmatched))

    async def fetch(self, contract: Contract) -> int:
        """Notices that the acquirer has for us: how many entries were matched."""
        with self._store.transaction() as work:
            after = self._store.contracts.last_notice(work, contract.id)
        matched = 0
        try:
            for notice in await self._acquirers(contract).settlements(after):
                matched += self.import_statement(notice).matched
                with self._store.transaction() as work:
                    self._store.contracts.notice_seen(work, contract.id, last_notice(notice))
        except (AcquirerError, MalformedStatement):  # asked again the next evening; what does not come is an alert
            pass
        return matched

    def look_for_absent(self, contract: Contract) -> None:
        """Money that is due since before today, and has not come, or not all."""
        now = self._clock.now()
        today = evening(contract, now)
        with self._store.transaction() as work:
            for remittance in self._store.remittances.due_money(work, contract.id, today):
                if remittance.funded_minor == 0:
                    self._alert(work, AlertKind.FUNDS_ABSENT, remittance, remittance.net_minor, today)

    def settle(self, work: Work, remittance: Remittance) -> Remittance:
        """What the money that is known makes of it; what came since is booked."""
        came = self._store.fundings.sum_minor(work, remittance.id)
        since = Money(came - remittance.funded_minor, remittance.currency)
        if since:
            name = f"{remittance.reference}/{self._store.fundings.count(work, remittance.id)}"
            self._ledger.record_funds(work, name, since)
        remittance = replace(remittance, funded_minor=came)
        if came and remittance.state in TAKEN and remittance.state is not State.FUNDED:
            if came == remittance.net_minor:
                remittance = remittance.become(State.FUNDED)
                for kind in (AlertKind.FUNDS_ABSENT, AlertKind.FUNDS_SHORT, AlertKind.OUT_OF_BALANCE):
                    self._store.alerts.clear(work, kind, remittance.reference, self._clock.now())
            else:
                self._store.alerts.clear(work, AlertKind.FUNDS_ABSENT, remittance.reference, self._clock.now())
                today = evening(self._store.contracts.get(work, remittance.contract), self._clock.now())
                self._alert(work, AlertKind.FUNDS_SHORT, remittance, remittance.net_minor - came, today)
        self._store.remittances.save(work, remittance)
        return remittance

    def take_as_fee(self, remittance_id: int) -> None:
        """A person says that what is missing of money that came is commission. Raises NothingShort."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            missing = Money(remittance.net_minor - remittance.funded_minor, remittance.currency)
            asks = remittance.state in TAKEN and remittance.state is not State.FUNDED and remittance.funded_minor
            if not asks or missing.amount_minor <= 0:
                raise NothingShort(remittance.reference)
            self._ledger.record_fee(work, remittance.reference, missing)
            self._store.remittances.save(work, remittance.become(State.FUNDED))
            self._store.alerts.clear(work, AlertKind.FUNDS_SHORT, remittance.reference, self._clock.now())

    def _match(self, work: Work, funds: Funds) -> bool:
        found = [self._store.remittances.by_exchange(work, exchange_id) for exchange_id in funds.references]
        named = [remittance for remittance in found if remittance is not None]
        if len(named) != 1 or named[0].currency != funds.amount.currency:  # of several, who can say how much is whose
            return False
        remittance = named[0]
        minor = funds.amount.amount_minor
        if self._store.fundings.add(work, remittance.id, funds.entry, minor, funds.booked_on, funds.source):
            self.settle(work, remittance)
        return True

    def _alert(self, work: Work, kind: AlertKind, remittance: Remittance, missing_minor: int, today: date) -> None:
        detail = str(Money(missing_minor, remittance.currency))
        alert = Alert(kind, remittance.reference, remittance.contract, self._clock.now(), detail=detail)
        self._store.alerts.raise_(work, alert, today)
