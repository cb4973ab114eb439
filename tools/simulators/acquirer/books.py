"""The acquirer's own sums, and what it answered to data sets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from host.acquirer.caaa_batch_answer import DataSetAnswer
from host.acquirer.model import DataSet, RejectedLine, Totals
from tools.simulators.acquirer.store import Store

Key = tuple[str, str, str]  # brand, AID in hexadecimal, currency


def add_data_set(store: Store, data_set: DataSet) -> None:
    """Its cancellations are the reader's word: they were never captured, so no line tells of them."""
    rows = [
        (row.brand, row.aid.hex(), row.currency, row.cancellation_count, row.cancellation_minor)
        for row in data_set.totals
        if row.cancellation_count
    ]
    store.add(
        "data_set",
        id=data_set.id,
        reader=data_set.reader,
        number=data_set.number,
        hash=data_set.hash,
        cancellations=json.dumps(rows),
        answer="",
    )


def add_to_batch(store: Store, exchange_id: int, data_set: str) -> None:
    store.change("INSERT OR IGNORE INTO batch VALUES (?, ?)", exchange_id, data_set)


def totals_of_batch(store: Store, exchange_id: int) -> tuple[Totals, ...]:
    """Of what its data sets captured, whichever batch brought them first."""
    return _totals(store, "SELECT data_set FROM batch WHERE exchange_id = ?", exchange_id)


def totals_of_data_set(store: Store, data_set: str) -> tuple[Totals, ...]:
    return _totals(store, "?", data_set)


def _totals(store: Store, data_sets: str, value: int | str) -> tuple[Totals, ...]:
    """By scheme, application and currency. `data_sets`: a query of ids, that takes the value."""
    sums: dict[Key, Totals] = {}
    captured = store.all(
        "SELECT brand, aid, currency, kind = 'refund' AS credit, count(*), sum(amount_minor) FROM capture"
        f" WHERE data_set IN ({data_sets}) GROUP BY brand, aid, currency, credit",
        value,
    )
    for brand, aid, currency, credit, count, minor in captured:
        _add(sums, (brand, aid, currency), "credit" if credit else "debit", count, minor)
    for row in store.all(f"SELECT cancellations FROM data_set WHERE id IN ({data_sets})", value):
        for brand, aid, currency, count, minor in json.loads(row["cancellations"]):
            _add(sums, (brand, aid, currency), "cancellation", count, minor)
    return tuple(sums[key] for key in sorted(sums))


def keep_answer(store: Store, answer: DataSetAnswer) -> DataSetAnswer:
    """For whoever presents the data set again."""
    rejected = [(number, line.transaction_id.hex(), line.reason) for number, line in answer.rejected]
    rows = [asdict(row) | {"aid": row.aid.hex()} for row in answer.totals]
    store.change("UPDATE data_set SET answer = ? WHERE id = ?", json.dumps([rows, rejected]), answer.id)
    return answer


def answer_of(data_set: str, text: str) -> DataSetAnswer:
    """The one that was kept, to the data set of that id."""
    rows, rejected = json.loads(text)
    return DataSetAnswer(
        data_set,
        tuple(Totals(**row | {"aid": bytes.fromhex(row["aid"])}) for row in rows),
        tuple((number, RejectedLine(bytes.fromhex(line), reason)) for number, line, reason in rejected),
    )


def same(ours: Iterable[Totals], theirs: Iterable[Totals]) -> bool:
    return set(ours) == set(theirs)


def _add(sums: dict[Key, Totals], key: Key, side: str, count: int, minor: int) -> None:
    brand, aid, currency = key
    row = sums.get(key, Totals(brand, bytes.fromhex(aid), currency))
    facts: dict[str, Any] = {
        f"{side}_count": getattr(row, f"{side}_count") + count,
        f"{side}_minor": getattr(row, f"{side}_minor") + minor,
    }
    sums[key] = replace(row, **facts)
