"""The batch alone captures: each data set is checked against its reader's seal, each line against the books.

What was answered once is answered again: by exchange id, by data set id, by seal. A refused data set leaves no trace
and may come again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from host.acquirer.caaa_batch_answer import DataSetAnswer, write_batch_answer
from host.acquirer.caaa_batch_reader import read_batch
from host.acquirer.model import Batch, CaptureLine, DataSet, RejectedLine, Totals
from tools.simulators.acquirer import books
from tools.simulators.acquirer.authoriser import PARTIES
from tools.simulators.acquirer.lines import AID, Lines, objects
from tools.simulators.acquirer.seals import Refusal, Seals, Tally
from tools.simulators.acquirer.store import Store

PIECE = 1 << 20


class SameExchangeOtherBatch(Exception):
    """They did wrong: the exchange id of an earlier batch, over other bytes."""


class Batches:
    """`settle(exchange id)` is called when its lines are captured. `refuses`: why no data set is taken now."""

    def __init__(
        self, store: Store, seals: Seals, lines: Lines, settle: Callable[[int], None], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._seals = seals
        self._lines = lines
        self._settle = settle
        self._now = now
        self.refuses: str | None = None

    def answer(self, file: BinaryIO) -> bytes:
        """caaa.012. Raises MalformedMessage, and then nothing was taken; SameExchangeOtherBatch."""
        asked = _digest(file)
        batch = read_batch(file)
        with self._store.transaction():
            before = self._store.answered("batch", batch.exchange_id)
            if before is not None:
                if before[0] != asked:
                    raise SameExchangeOtherBatch(str(batch.exchange_id))
                return before[1]
            answers = [self._data_set(batch, data_set) for data_set in batch.data_sets]
            self._settle(batch.exchange_id)
            written = write_batch_answer(batch.exchange_id, answers, self._now(), PARTIES)
            return self._store.keep_answer("batch", batch.exchange_id, asked, written)

    def _data_set(self, batch: Batch, data_set: DataSet) -> DataSetAnswer:
        try:
            if self.refuses:
                raise Refusal(self.refuses)
            before = self._seals.taken_before(data_set)
            if before is not None:
                books.add_to_batch(self._store, batch.exchange_id, before["id"])
                return books.answer_of(data_set.id, before["answer"])
            with self._store.transaction():
                return self._take(batch, data_set)
        except Refusal as refusal:
            return DataSetAnswer(data_set.id, refused=str(refusal))

    def _take(self, batch: Batch, data_set: DataSet) -> DataSetAnswer:
        """Raises Refusal."""
        self._seals.check(data_set)
        tally, rejected = Tally(data_set), list[tuple[int, RejectedLine]]()
        for number, line in enumerate(data_set.lines, 1):
            tally.add(line)
            reason = self._lines.refusal(line)
            if reason:
                rejected.append((number, RejectedLine(line.transaction_id, reason)))
            else:
                self._capture(batch, data_set, line)
        tally.check()
        books.add_data_set(self._store, data_set)
        books.add_to_batch(self._store, batch.exchange_id, data_set.id)
        totals = books.totals_of_data_set(self._store, data_set.id)
        return books.keep_answer(self._store, DataSetAnswer(data_set.id, totals, tuple(rejected)))

    def _capture(self, batch: Batch, data_set: DataSet, line: CaptureLine) -> None:
        row = _row_of(line, data_set.totals)
        self._store.add(
            "capture",
            transaction_id=line.transaction_id.hex(),
            kind=line.kind,
            amount_minor=line.amount.amount_minor,
            currency=line.amount.currency.code,
            brand=row.brand,
            aid=row.aid.hex(),
            original=line.original.hex() if line.original else None,
            offline=line.offline,
            exchange_id=batch.exchange_id,
            data_set=data_set.id,
            captured_at=self._now().isoformat(),
        )


def _digest(file: BinaryIO) -> bytes:
    digest = sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.digest()


def _row_of(line: CaptureLine, totals: tuple[Totals, ...]) -> Totals:
    """The row that counts it: of its application, or of whatever a reader had no row for."""
    aid, currency = objects(line).get(AID, b""), line.amount.currency.code
    own = [row for row in totals if (row.aid, row.currency) == (aid, currency)]
    return own[0] if own else Totals("none", b"", currency)
