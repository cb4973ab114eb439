"""Which moves of the tables were made while which faults were about: state x event x fault.

A move is a row of the host's tables of states, or an entry of the reader's journal after another of the same payment.
A fault is about from when it struck until the merchant's next operation, unless that follows at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from firmware.journal import record
from host.payment.states import MOVES as PAYMENT
from host.telecollection.states import MOVES as REMITTANCE
from tools.simulation.faults import FAMILIES
from tools.simulation.unreachable import reason

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
    "acknowledged": ("sealed", "acknowledged"),
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
        self._last: dict[str | bytes, str] = {}  # kind of the last entry, by transaction id, or by reader of its days

    def begins(self) -> None:
        self._about = {}

    def strikes(self, family: str) -> None:
        self._about[family] = None

    def moved(self, table: str, start: str, end: str) -> None:
        for family in self._about or ("none",):
            self.cells[table, start, end, family] += 1

    def journalled(self, reader: str, data: bytes) -> None:
        """Records that were written, or what of them was. `reader`: its serial number."""
        for start in range(0, len(data) - record.RECORD_SIZE + 1, record.RECORD_SIZE):
            entry = record.decode(memoryview(data)[start : start + record.RECORD_SIZE])
            if entry is not None and entry.flags & record.LAST and not entry.flags & record.CARRIED:
                self._follows(reader, entry)

    def _follows(self, reader: str, entry: record.Record) -> None:
        of_day = entry.kind in (record.SEALED, record.ACKNOWLEDGED)
        key = reader if of_day else entry.transaction_id
        self.moved("journal", self._last.get(key, ""), KINDS[entry.kind])
        self._last[key] = KINDS[entry.kind]


def cells() -> Iterator[Cell]:
    """All that the tables have."""
    for table, moves in TABLES.items():
        for start, ends in moves.items():
            for end in ends:
                for column in COLUMNS:
                    yield table, start, end, column


@dataclass
class Sorted:
    """The cells. wrong: those that were reached although no table has them, or a rule calls them unreachable."""

    reached: list[Cell]
    unreachable: dict[str, list[Cell]]  # by reason
    missing: list[Cell]
    wrong: list[Cell]


def sort(counted: Counter[Cell]) -> Sorted:
    known = list(cells())
    found = Sorted([], {}, [], [cell for cell in counted if reason(cell) or not (_is_no_move(cell) or cell in known)])
    for cell in known:
        if counted[cell]:
            found.reached.append(cell)
        elif why := reason(cell):
            found.unreachable.setdefault(why, []).append(cell)
        else:
            found.missing.append(cell)
    return found


def _is_no_move(cell: Cell) -> bool:
    """A row that is new, or saved again."""
    _, start, end, _ = cell
    return start in ("", end)


def report(counted: Counter[Cell]) -> Iterator[str]:
    """A table each; "-" for what cannot be reached. Then how many cells, and those that were not reached."""
    for table, moves in TABLES.items():
        yield f"{table:36}" + "".join(f"{column:>10}" for column in COLUMNS)
        for start, ends in moves.items():
            for end in ends:
                row = [(table, start, end, column) for column in COLUMNS]
                numbers = [str(counted[cell] or ("-" if reason(cell) else 0)) for cell in row]
                yield f"  {start or '-'} > {end:20}".ljust(36) + "".join(f"{number:>10}" for number in numbers)
    found = sort(counted)
    excused = sum(map(len, found.unreachable.values()))
    parts = f"{len(found.reached)} reached, {excused} unreachable, {len(found.missing)} not reached"
    yield f"{len(list(cells()))} cells: {parts}"
    for why, some in found.unreachable.items():
        yield f"unreachable: {len(some)}: {why}"
    for said, some in (("not reached", found.missing), ("reached, and called unreachable", found.wrong)):
        for table, start, end, column in some:
            yield f"{said}: {table}: {start or '-'} > {end}, {column}"
