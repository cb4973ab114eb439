"""Totals of what was taken, ours beside the acquirer's (caaa.009, 010): until they agree no day is acknowledged."""

from __future__ import annotations

from collections.abc import Callable

from host.acquirer.errors import AcquirerError
from host.acquirer.model import Reconciliation, Totals
from host.clock import Clock
from host.database import Work
from host.jobs.port import Timers
from host.telecollection import totals
from host.telecollection.books import Books
from host.telecollection.model import Alert, AlertKind, Remittance
from host.telecollection.ports import Acquirers, Captures
from host.telecollection.schedule import next_try
from host.telecollection.states import LineState, State, answer_of
from host.telecollection.store import TelecollectionStore

RETRY = "remittance"  # the timer that goes on with one; key: its id
ASKS = (State.ACKED, State.PARTLY_REJECTED, State.OUT_OF_BALANCE)


def accepted(work: Work, store: TelecollectionStore, captures: Captures, remittance_id: int) -> tuple[Totals, ...]:
    """Totals of the lines that the acquirer took: of its data sets, without the lines that it rejected."""
    rows = [row for row in store.remittances.data_sets(work, remittance_id) if row.state is not LineState.REJECTED]
    taken = {row.position for row in rows}
    lines = [line for line in store.remittances.rejected(work, remittance_id) if line.data_set in taken]
    copies = captures.find(work, [line.transaction_id for line in lines])
    return totals.without(
        [row for each in rows for row in totals.read(each.totals)], map(totals.of_copy, copies.values())
    )


class Reconciling:
    def __init__(
        self,
        store: TelecollectionStore,
        captures: Captures,
        acquirers: Acquirers,
        books: Books,
        timers: Timers,
        clock: Clock,
        forget: Callable[[Remittance], None],
    ) -> None:
        """forget: the file, which is not sent again."""
        self._store = store
        self._captures = captures
        self._acquirers = acquirers
        self._books = books
        self._timers = timers
        self._clock = clock
        self._forget = forget

    async def run(self, remittance_id: int) -> State:
        """The state after it; `reconciled_at` says whether they agree."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            contract = self._store.contracts.get(work, remittance.contract)
            ours = accepted(work, self._store, self._captures, remittance_id)
        if remittance.state not in ASKS or remittance.reconciled_at:
            return remittance.state
        self._books.compare(remittance, ours)
        try:
            theirs = await self._acquirers(contract).reconcile(Reconciliation(remittance.exchange_id, ours))
        except AcquirerError:
            agree = None
        else:
            agree = totals.joined(theirs.totals) == totals.joined(ours)
        with self._store.transaction() as work:
            return self._compared(work, self._store.remittances.get(work, remittance_id), agree)

    def _compared(self, work: Work, remittance: Remittance, agree: bool | None) -> State:
        """agree: None when there was no answer."""
        if remittance.state not in ASKS:
            return remittance.state
        if agree:
            return self._agree(work, remittance)
        now = self._clock.now()
        due = next_try(self._store.contracts.get(work, remittance.contract), max(remittance.attempts, 1), now)
        self._timers.set(work, RETRY, str(remittance.id), due)
        if agree is False:
            if remittance.state is not State.OUT_OF_BALANCE:
                remittance = remittance.become(State.OUT_OF_BALANCE)
                self._store.remittances.save(work, remittance)
            alert = Alert(AlertKind.OUT_OF_BALANCE, remittance.reference, remittance.contract, now)
            self._store.alerts.raise_(work, alert, remittance.business_date)
        return remittance.state

    def _agree(self, work: Work, remittance: Remittance) -> State:
        now = self._clock.now()
        if remittance.state is State.OUT_OF_BALANCE:
            rejected = len(self._store.remittances.rejected(work, remittance.id))
            remittance = remittance.become(answer_of(remittance.count, rejected))
        self._store.remittances.save(work, remittance.reconciled(now))
        self._store.alerts.clear(work, AlertKind.OUT_OF_BALANCE, remittance.reference, now)
        self._timers.clear(work, RETRY, str(remittance.id))
        self._forget(remittance)
        return remittance.state
