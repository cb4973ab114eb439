"""What the merchant's page shows of telecollection; it reads, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from host.acquirer.model import Totals
from host.telecollection import totals
from host.telecollection.closing_store import Outcome
from host.telecollection.compose import Composing
from host.telecollection.export import csv_of
from host.telecollection.model import Alert, Contract, DataSetRow, Line, Remittance, SealedDay
from host.telecollection.ports import Captures
from host.telecollection.reconcile import accepted
from host.telecollection.store import TelecollectionStore
from host.telecollection.ticket import Ticket, ticket_of

AT_ONCE = 500
WHILE_SEALING = timedelta(hours=1)  # copies of the next day may be kept before the host has the seal of this one


@dataclass(frozen=True)
class Rejected:
    line: Line
    reader: str


class Overview:
    def __init__(self, store: TelecollectionStore, captures: Captures, composing: Composing) -> None:
        self._store = store
        self._captures = captures
        self._composing = composing

    def contracts(self) -> list[Contract]:
        with self._store.transaction() as work:
            return self._store.contracts.every(work)

    def history(self, contract_id: str, limit: int = 30, before: int | None = None) -> list[Remittance]:
        """The newest first; `before` is the id of the last one of the page before."""
        with self._store.transaction() as work:
            return self._store.remittances.history(work, contract_id, limit, before)

    def alerts(self, contract_id: str) -> list[Alert]:
        """Those that stand, the oldest troubles first."""
        with self._store.transaction() as work:
            return self._store.alerts.standing(work, contract_id)

    def rejected(self, contract_id: str) -> list[Rejected]:
        """Lines that the merchant has to decide about, with the acquirer's reason."""
        with self._store.transaction() as work:
            return [Rejected(line, reader) for line, reader in self._store.remittances.rejected_of(work, contract_id)]

    def refused_days(self, contract_id: str) -> list[SealedDay]:
        with self._store.transaction() as work:
            return self._store.days.refused(work, contract_id)

    def day(self, reader: str, number: int) -> SealedDay | None:
        with self._store.transaction() as work:
            return self._store.days.get(work, reader, number)

    def today(self, serial: str) -> tuple[int, tuple[Totals, ...]]:
        """A reader's open day as the host has it copied: lines, and totals by scheme."""
        sums: list[Totals] = []
        after = None
        with self._store.transaction() as work:
            last = self._store.days.of_reader(work, serial, 1)
            since = last[0].sealed_at - WHILE_SEALING if last else None
            while page := list(self._captures.of_reader(work, serial, after, since)):
                ids = [copy.line.transaction_id for copy in page]
                gone = self._store.days.sealed_or_remitted(work, ids)
                sums += [totals.of_copy(copy) for copy in page if copy.line.transaction_id not in gone]
                after = ids[-1]
        return len(sums), totals.joined(sums)

    def totals(self, remittance_id: int) -> tuple[Totals, ...]:
        """By scheme, application and currency, of what the acquirer took; before it answers, of all."""
        with self._store.transaction() as work:
            return accepted(work, self._store, self._captures, remittance_id)

    def data_sets(self, remittance_id: int) -> list[DataSetRow]:
        with self._store.transaction() as work:
            return self._store.remittances.data_sets(work, remittance_id)

    def closed(self, remittance_id: int) -> dict[str, Outcome]:
        """By reader, what came of closing its day."""
        with self._store.transaction() as work:
            return self._store.closings.of(work, remittance_id)

    def lines(self, remittance_id: int) -> Iterator[Line]:
        first = 1
        while True:
            with self._store.transaction() as work:
                page = self._store.remittances.lines_from(work, remittance_id, first, AT_ONCE)
            yield from page
            if len(page) < AT_ONCE:
                return
            first = page[-1].line + 1

    def csv(self, remittance_id: int) -> Iterator[str]:
        """Row by row."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
        return csv_of(remittance, self.data_sets(remittance_id), self.lines(remittance_id))

    def xml(self, remittance_id: int) -> Path | None:
        """The file as it was sent; None when there was nothing to send. Raises FileChanged."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
        if remittance.file_hash is None:
            return None
        return self._composing.file(remittance, lambda _: None)

    def ticket(self, remittance_id: int, language: str = "fr") -> Ticket:
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            rejected = len(self._store.remittances.rejected(work, remittance_id))
        sums = self.totals(remittance_id)
        return ticket_of(remittance, sums, self.closed(remittance_id), rejected, language)
