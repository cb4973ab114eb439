"""The books beside the evening: readers' totals = ledger's totals = batch's totals (terminal/T-R24).

A batch's totals are those that the readers sealed (compose.py), and the acquirer's are held against them
(reconcile.py); here are the ledger's, of the same lines. Where they differ somebody is told, and nothing is held up:
reader and acquirer agree on what was sold, so it is the books that are to be put right, by a further entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from host.acquirer.model import Totals
from host.clock import Clock
from host.ledger.model import SchemeTotals
from host.money import CURRENCIES, Money
from host.telecollection import totals
from host.telecollection.model import Alert, AlertKind, Remittance
from host.telecollection.ports import Ledger
from host.telecollection.states import LineState
from host.telecollection.store import TelecollectionStore

AT_ONCE = 500


class Books:
    def __init__(self, store: TelecollectionStore, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock

    def compare(self, remittance: Remittance, taken: Iterable[Totals]) -> bool:
        """Do the books say the same of the lines that the acquirer took? Else there is an alert that says where."""
        batch, books = _of_lines(taken), _of_lines(self._booked(remittance.id))
        now = self._clock.now()
        with self._store.transaction() as work:
            if batch == books:
                self._store.alerts.clear(work, AlertKind.BOOKS_DIFFER, remittance.reference, now)
            else:
                where = "; ".join(_differences(batch, books))
                alert = Alert(AlertKind.BOOKS_DIFFER, remittance.reference, remittance.contract, now, detail=where)
                self._store.alerts.raise_(work, alert, remittance.business_date)
        return batch == books

    def _booked(self, remittance_id: int) -> tuple[Totals, ...]:
        """Some lines at a time, so that a long day holds up no payment."""
        sums: tuple[Totals, ...] = ()
        first = 1
        while True:
            with self._store.transaction() as work:
                page = self._store.remittances.lines_from(work, remittance_id, first, AT_ONCE)
                taken = [line.transaction_id for line in page if line.state is LineState.ACCEPTED]
                booked = map(_as_batch_has_it, self._ledger.totals_of(work, taken))
                sums = totals.joined([*sums, *booked])
            if len(page) < AT_ONCE:
                return sums
            first = page[-1].line + 1


def _as_batch_has_it(row: SchemeTotals) -> Totals:
    return Totals(**asdict(row))


def _of_lines(rows: Iterable[Totals]) -> tuple[Totals, ...]:
    """What was cancelled is no line: the reader alone says how often."""
    return totals.without([replace(row, cancellation_count=0, cancellation_minor=0) for row in rows], ())


def _differences(batch: Iterable[Totals], books: Iterable[Totals]) -> Iterator[str]:
    """How many lines, and how much, the batch has more than the books."""
    minus = [replace(row, **{name: -getattr(row, name) for name in totals.SUMS}) for row in books]
    for row in totals.joined([*batch, *minus]):
        count, net = totals.count([row]), Money(totals.net_minor([row]), CURRENCIES[row.currency])
        if any(getattr(row, name) for name in totals.SUMS):
            yield f"{row.brand} {row.aid.hex().upper()} {count:+} {net}"
