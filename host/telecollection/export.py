"""A remittance for a spreadsheet. A cell that a spreadsheet would run is made text (attacks/H-08)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from host.telecollection.model import DataSetRow, Line, Remittance

COLUMNS = (
    *("remittance", "business_date", "line", "reader", "day", "transaction", "kind", "amount", "currency", "state"),
    "reason",
)
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(cell: str) -> str:
    """With an apostrophe before what could begin a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RUNS) else cell


def csv_of(remittance: Remittance, data_sets: Iterable[DataSetRow], lines: Iterable[Line]) -> Iterator[str]:
    """Row by row, the head first. Amounts are minor units with the sign of what the merchant is owed, as numbers."""
    sets = {row.position: row for row in data_sets}
    yield _row(COLUMNS)
    for line in lines:
        row = sets[line.data_set]
        facts = (remittance.reference, f"{remittance.business_date:%Y-%m-%d}", line.line, row.reader, row.number)
        currency = line.amount.currency
        amount = f"{line.signed_minor / 10**currency.exponent:.{currency.exponent}f}"
        said = (line.transaction_id.hex(), line.kind, amount, currency.code, line.state.value, line.reason or "")
        yield _row([*facts, *said], number=COLUMNS.index("amount"))


def _row(cells: Iterable[object], number: int = -1) -> str:
    """number: the cell that is a number, where a minus is no formula."""
    line = StringIO()
    texts = [str(cell) if place == number else neutral(str(cell)) for place, cell in enumerate(cells)]
    csv.writer(line, lineterminator="\r\n").writerow(texts)
    return line.getvalue()
