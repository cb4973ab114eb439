"""What a remittance is made of: the sealed days that are in none, whatever evening they are of, and lines that go
without a seal. Then its file, written from those rows alone: the same rows are the same bytes.

The copies are checked once more as they are written, line by line, against what the reader sealed (attacks/B-16).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from host.acquirer.errors import UnwritableLine
from host.acquirer.model import Batch, CaptureLine, DataSet
from host.clock import Clock
from host.database import Work
from host.telecollection import totals
from host.telecollection.errors import FileChanged, SealBroken
from host.telecollection.model import Alert, AlertKind, Contract, DataSetRow, Remittance, SealedDay, SealedLine, Waits
from host.telecollection.ports import Acquirers, Captures
from host.telecollection.seal import Check
from host.telecollection.states import DayState, State
from host.telecollection.store import TelecollectionStore

AT_ONCE = 500

Wrote = Callable[[int], None]  # how many lines so far


class Composing:
    def __init__(
        self, store: TelecollectionStore, captures: Captures, acquirers: Acquirers, clock: Clock, folder: Path
    ) -> None:
        self._store = store
        self._captures = captures
        self._acquirers = acquirers
        self._clock = clock
        self._folder = folder

    def path(self, remittance: Remittance) -> Path:
        return self._folder / f"{remittance.reference}.xml"

    def seal(self, remittance_id: int, wrote: Wrote) -> None:
        """From OPEN to SEALED: rows first, then the file; without a data set there is none."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            if remittance.state is not State.OPEN:
                return
            contract = self._store.contracts.get(work, remittance.contract)
            if not self._store.remittances.data_sets(work, remittance_id):
                self._compose(work, remittance)
        digest, count = self._written(remittance, contract, wrote)
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            if remittance.state is State.OPEN:
                self._store.remittances.save(work, remittance.become(State.SEALED, file_hash=digest, count=count))

    def file(self, remittance: Remittance, wrote: Wrote) -> Path:
        """The file as it was sealed; written again when it is gone or was edited. Raises FileChanged."""
        path = self.path(remittance)
        if path.exists() and _digest(path) == remittance.file_hash:
            return path
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, remittance.contract)
        if self._write(remittance, contract, self._rows(remittance), wrote) != remittance.file_hash:
            path.unlink()
            raise FileChanged(remittance.reference)
        return path

    def forget(self, remittance: Remittance) -> None:
        """Its rows are kept, and whoever asks for the file has it written again, to the byte."""
        self.path(remittance).unlink(missing_ok=True)

    # ---- rows ----

    def _compose(self, work: Work, remittance: Remittance) -> None:
        first, position = self._loose(work, remittance)
        for day in self._store.days.to_remit(work, remittance.contract):
            facts = (day.reader, day.number, day.business_date, True, day.count, day.totals)
            row = DataSetRow(remittance.id, position, f"{day.reader}-{day.number}", *facts)
            if self._store.remittances.add_day(work, row, day, first):
                first, position = first + day.count, position + 1
            else:
                self._compare(work, remittance, day)

    def _loose(self, work: Work, remittance: Remittance) -> tuple[int, int]:
        """The number of the next line, and the position of the next data set."""
        first, position = 1, 0
        for (reader, number), ids in self._store.remittances.waiting(work, remittance.contract).items():
            found = self._captures.find(work, ids)
            if found:  # what has no copy goes on waiting
                name = f"{reader}.{remittance.exchange_id:x}{position:x}"
                facts = (reader, number, remittance.business_date, False, len(found))
                sums = totals.write(totals.of_copies(found.values()))
                records = [copy.line for copy in found.values()]
                lines = [SealedLine(each.transaction_id, each.kind, each.amount, each.mac) for each in records]
                row = DataSetRow(remittance.id, position, name, *facts, sums)
                self._store.remittances.add_loose(work, row, lines, first)
                first, position = first + len(lines), position + 1
        return first, position

    def _compare(self, work: Work, remittance: Remittance, day: SealedDay) -> None:
        """A reader that was lost is back: what it sealed beyond the copies goes with the next remittance."""
        extra, missing, other = self._store.days.compare(work, day)
        ids = [line.transaction_id for line in extra]
        self._store.days.wait(work, day.contract, day.reader, day.number, ids, Waits.EXTRA)
        self._store.days.decide(work, day, DayState.COMPARED)
        if extra or missing or other:
            detail = f"{len(extra)} extra, {len(missing)} missing, {len(other)} other"
            key = f"{day.reader} {day.number}"
            alert = Alert(AlertKind.SEAL_DIFFERS, key, day.contract, self._clock.now(), detail=detail)
            self._store.alerts.raise_(work, alert, remittance.business_date)

    # ---- the file ----

    def _written(self, remittance: Remittance, contract: Contract, wrote: Wrote) -> tuple[bytes | None, int]:
        """Its digest and lines. A day whose copies proved wrong on the way is left out, and the rest written anew."""
        while rows := self._rows(remittance):
            try:
                return self._write(remittance, contract, rows, wrote), sum(row.count for row in rows)
            except SealBroken as error:
                self._leave_out(remittance, error.reader, error.number, error.why)
            except UnwritableLine as error:
                self._leave_out_line(remittance, bytes.fromhex(str(error)))
        return None, 0

    def _rows(self, remittance: Remittance) -> list[DataSetRow]:
        with self._store.transaction() as work:
            return self._store.remittances.data_sets(work, remittance.id)

    def _write(self, remittance: Remittance, contract: Contract, rows: list[DataSetRow], wrote: Wrote) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.path(remittance)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.touch(mode=0o600)  # what is in it is the merchant's and the acquirer's
        self._acquirers(contract).write_batch(self._batch(remittance, rows, wrote), part)
        part.replace(path)  # what a power cut leaves of it is seen by its digest, and written again
        return _digest(path)

    def _batch(self, remittance: Remittance, rows: list[DataSetRow], wrote: Wrote) -> Batch:
        sums = totals.joined(total for row in rows for total in totals.read(row.totals))
        sets = (self._data_set(row, wrote) for row in rows)
        return Batch(remittance.exchange_id, remittance.opened_at, sums, sets)

    def _data_set(self, row: DataSetRow, wrote: Wrote) -> DataSet:
        place = (row.id, row.reader, row.number, row.business_date, totals.read(row.totals))
        if not row.sealed:
            return DataSet(*place, self._loose_lines(row, wrote), row.count)
        with self._store.transaction() as work:
            day = self._store.days.get(work, row.reader, row.number)
        if day is None:
            raise SealBroken(row.reader, row.number, "day_missing")
        seal = (day.previous, day.hash, day.ksn, day.mac)
        return DataSet(*place, self._sealed_lines(day, wrote), row.count, *seal)

    def _sealed_lines(self, day: SealedDay, wrote: Wrote) -> Iterator[CaptureLine]:
        check = Check(day)
        for position in range(0, day.count, AT_ONCE):
            with self._store.transaction() as work:
                lines = self._store.days.lines_from(work, day, position, AT_ONCE)
                copies = self._captures.find(work, [line.transaction_id for line in lines])
            for line in lines:
                check.line(line)
                yield check.copy(line, copies.get(line.transaction_id))
            wrote(position + len(lines))
        check.end()

    def _loose_lines(self, row: DataSetRow, wrote: Wrote) -> Iterator[CaptureLine]:
        with self._store.transaction() as work:
            lines = self._store.remittances.lines_from(work, row.remittance, 1, row.count, row.position)
            copies = self._captures.find(work, [line.transaction_id for line in lines])
        for line in lines:
            yield copies[line.transaction_id].line
        wrote(len(lines))

    def _leave_out(self, remittance: Remittance, reader: str, number: int, why: str) -> None:
        with self._store.transaction() as work:
            rows = self._store.remittances.data_sets(work, remittance.id)
            own = [row for row in rows if row.sealed and row.reader == reader and row.number >= number]
            for row in own[1:]:  # the acquirer would not take them without the one before: they go with it
                self._store.remittances.drop_data_set(work, remittance.id, row.position)
            self._drop(work, remittance, own[0], why)

    def _leave_out_line(self, remittance: Remittance, transaction_id: bytes) -> None:
        """No batch can hold it. A sealed day stays whole; of loose lines the others wait for the next remittance."""
        with self._store.transaction() as work:
            line = self._store.remittances.line_of(work, transaction_id)
            rows = self._store.remittances.data_sets(work, remittance.id)
            row = next(row for row in rows if line is not None and row.position == line.data_set)
            lines = self._store.remittances.lines_from(work, remittance.id, 1, row.count, row.position)
            self._drop(work, remittance, row, f"unwritable {transaction_id.hex()}")
            if not row.sealed:
                ids = [line.transaction_id for line in lines if line.transaction_id != transaction_id]
                self._store.days.wait(work, remittance.contract, row.reader, row.number, ids, Waits.AGAIN)

    def _drop(self, work: Work, remittance: Remittance, row: DataSetRow, why: str) -> None:
        day = self._store.days.get(work, row.reader, row.number) if row.sealed else None
        self._store.remittances.drop_data_set(work, remittance.id, row.position)
        if day is not None:
            self._store.days.decide(work, day, DayState.REFUSED, why[:32])
        key = f"{row.reader} {row.number}"
        alert = Alert(AlertKind.DAY_REFUSED, key, remittance.contract, self._clock.now(), detail=why)
        self._store.alerts.raise_(work, alert, remittance.business_date)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
