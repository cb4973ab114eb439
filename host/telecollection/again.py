"""What the acquirer did not take goes again, when a person says so: a line under its own id, a day under its seal."""

from __future__ import annotations

from host.clock import Clock
from host.telecollection.errors import NotRejected
from host.telecollection.model import AlertKind, Waits
from host.telecollection.states import DayState, LineState
from host.telecollection.store import TelecollectionStore


class PresentingAgain:
    def __init__(self, store: TelecollectionStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def line(self, transaction_id: bytes) -> None:
        """Raises NotRejected; also for a line of a day that was refused, which goes whole."""
        with self._store.transaction() as work:
            found = self._store.remittances.last_of(work, transaction_id)
            if found is None or found[0].state is not LineState.REJECTED:
                raise NotRejected(transaction_id.hex())
            line, row, contract_id = found
            day = self._store.days.get(work, row.reader, row.number) if row.sealed else None
            if day is not None and day.state is DayState.REFUSED:
                raise NotRejected(f"day {row.number} of {row.reader}")
            if not self._store.days.wait(work, contract_id, row.reader, row.number, [transaction_id], Waits.AGAIN):
                raise NotRejected(transaction_id.hex())
            remittance = self._store.remittances.get(work, line.remittance)
            if not self._store.remittances.stand_rejected(work, remittance):
                self._store.alerts.clear(work, AlertKind.REJECTED, remittance.reference, self._clock.now())

    def day(self, reader: str, number: int) -> None:
        """With those that were refused because of it. Raises NotRejected."""
        with self._store.transaction() as work:
            day = self._store.days.get(work, reader, number)
            if day is None or day.state is not DayState.REFUSED or self._store.days.goes(work, day):
                raise NotRejected(f"day {number} of {reader}")
            for each in [day, *self._store.days.refused_for_the_chain(work, day)]:
                self._store.days.decide(work, each, DayState.SEALED)
                key = f"{each.reader} {each.number}"
                self._store.alerts.clear(work, AlertKind.DAY_REFUSED, key, self._clock.now())
