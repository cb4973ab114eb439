"""Which moves of the tables were made while which faults were about: state x event x fault.

A move is a row of the host's tables of states, or an entry of the reader's journal after another of the same payment.
A fault is about from when it struck until the merchant's next operation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from firmware.journal import record
from host.payment.states import MOVES as PAYMENT
from host.telecollection.states import MOVES as REMITTANCE
from tools.simulation.faults import FAMILIES

Cell = tuple[str, str, str, str]  # table, from, to, family of faults or "none"

KINDS = ("", "begun", "went_online", "ended", "amount", "voided", "completed", "sealed", "acknowledged")
JOURNAL = {
    "": ("begun", "sealed"),
    "begun": ("amount", "went_online", "ended"),
    "amount": ("went_online", "ended"),
    "went_online": ("amount", "ended"),
    "ended": ("voided", "completed"),
    "completed": ("voided",),
    "sealed": ("acknowledged", "sealed"),
    "acknowledged": ("sealed",),
}
TABLES: dict[str, dict[str, Iterable[str]]] = {
    "payment": {str(start): sorted(map(str, ends)) for start, ends in PAYMENT.items()},
    "remittance": {str(start): sorted(map(str, ends)) for start, ends in REMITTANCE.items()},
    "journal": dict(JOURNAL),
}
COLUMNS = ("none", *FAMILIES)


class Coverage:
    def __init__(self) -> None:
        self.cells: Counter[Cell] = Counter()
        self._about: dict[str, None] = {}  # families that struck since the operation began
        self._last: dict[bytes, str] = {}  # kind of the last entry, by transaction id

    def begins(self) -> None:
        self._about = {}

    def strikes(self, family: str) -> None:
        self._about[family] = None

    def moved(self, table: str, start: str, end: str) -> None:
        for family in self._about or ("none",):
            self.cells[table, start, end, family] += 1

    def journalled(self, data: bytes) -> None:
        """Records that were written, or what of them was."""
        for start in range(0, len(data) - record.RECORD_SIZE + 1, record.RECORD_SIZE):
            entry = record.decode(memoryview(data)[start : start + record.RECORD_SIZE])
            if entry is not None and entry.flags & record.LAST and not entry.flags & record.CARRIED:
                self._follows(entry)

    def _follows(self, entry: record.Record) -> None:
        of_day = entry.kind in (record.SEALED, record.ACKNOWLEDGED)
        key = b"" if of_day else entry.transaction_id
        self.moved("journal", self._last.get(key, ""), KINDS[entry.kind])
        self._last[key] = KINDS[entry.kind]


def report(cells: Counter[Cell]) -> Iterator[str]:
    """A table each, and then the cells that were not reached."""
    missing = []
    for table, moves in TABLES.items():
        yield f"{table:36}" + "".join(f"{column:>10}" for column in COLUMNS)
        for start, ends in moves.items():
            for end in ends:
                counts = [cells[table, start, end, column] for column in COLUMNS]
                yield f"  {start or '-'} > {end:20}".ljust(36) + "".join(f"{count:>10}" for count in counts)
                missing += [(table, start, end, c) for c, count in zip(COLUMNS, counts, strict=True) if not count]
    reached = sum(1 for cell in cells if cell[2] in TABLES[cell[0]].get(cell[1], ()))
    yield f"{reached} cells reached, {len(missing)} not"
    for table, start, end, column in missing:
        yield f"not reached: {table}: {start or '-'} > {end}, {column}"
