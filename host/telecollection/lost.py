"""A reader that will not come back: what was copied of its open day, and of days that were refused, is remitted
without a seal, the rest is listed.

If it does come back, it seals its day as ever, and the two are compared when the next remittance is composed: what is
under the seal and did not go goes then, differences are an alert, and nothing goes twice.
"""

from __future__ import annotations

from datetime import datetime

from host.clock import Clock
from host.database import Work
from host.telecollection.model import Alert, AlertKind, LostReader, Waits
from host.telecollection.ports import Captures
from host.telecollection.schedule import evening
from host.telecollection.states import DayState
from host.telecollection.store import TelecollectionStore


def declare_lost(store: TelecollectionStore, captures: Captures, clock: Clock, serial: str) -> LostReader:
    """Its copies go into the next remittance. Raises UnknownContract."""
    now = clock.now()
    with store.transaction() as work:
        contract = store.contracts.contract_of(work, serial)
        store.contracts.lose(work, serial, now)
        copied = _refused(store, work, contract.id, serial, now) + _wait(store, captures, work, contract.id, serial)
        unknown = tuple(captures.without_copy(work, serial))
        store.alerts.clear(work, AlertKind.READER_ABSENT, serial, now)
        if unknown:
            alert = Alert(AlertKind.LINES_LOST, serial, contract.id, now, detail=", ".join(unknown))
            store.alerts.raise_(work, alert, evening(contract, now))
    return LostReader(serial, copied, unknown)


def _refused(store: TelecollectionStore, work: Work, contract_id: str, serial: str, now: datetime) -> int:
    """Days that are nobody's to put right any more."""
    count = 0
    for day in store.days.refused(work, contract_id):
        if day.reader == serial:
            ids = [line.transaction_id for line in store.days.lines_from(work, day, 0, day.count)]
            count += store.days.wait(work, contract_id, serial, day.number, ids, Waits.COPY)
            store.days.decide(work, day, DayState.COMPARED)
            store.alerts.clear(work, AlertKind.DAY_REFUSED, f"{serial} {day.number}", now)
    store.alerts.clear(work, AlertKind.DAY_REFUSED, serial, now)
    return count


def _wait(store: TelecollectionStore, captures: Captures, work: Work, contract_id: str, serial: str) -> int:
    """Of the day that it never sealed: the one after the last that is known."""
    known = store.days.of_reader(work, serial, 1)
    number = known[0].number + 1 if known else 1
    count, after = 0, None
    while page := [copy.line.transaction_id for copy in captures.of_reader(work, serial, after)]:
        gone = store.days.sealed_or_remitted(work, page)
        left = [key for key in page if key not in gone]
        count += store.days.wait(work, contract_id, serial, number, left, Waits.COPY)
        after = page[-1]
    return count
