"""A merchant's evening of 1,000 to 100,000 lines: time a line, peak memory, and both the evening and its file beside
reading the same rows with sqlite3 and writing the same XML with lxml alone. These are compared by processor time, to
which other work on the machine adds little."""

from __future__ import annotations

import gc
import sqlite3
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from host.acquirer.model import CaptureLine
from host.database import Database
from host.jobs.inline import InlineJobs
from host.jobs.timers import TimerTable
from host.money import CURRENCIES, Money
from host.telecollection.model import Remittance
from host.telecollection.states import State
from tests.support import night
from tools.bench import batch
from tools.bench.measure import Measure

LINES_A_DAY = 500  # of one reader
COUNTS, LONG = (1_000, 10_000), (1_000, 10_000, 100_000)
RUNS, MOST_OF_RUNS = 3, 10_000  # of each the least counts; an evening of more lines is collected once
ROWS = """
    SELECT c.transaction_id, c.kind, c.amount_minor, c.currency, c.amount_other_minor, c.interface, c.taken_at,
    c.icc_data, c.response_code, c.authorisation_code, c.ksn, c.sealed_card, c.mac, c.offline, c.original
    FROM sealed_line l JOIN capture c USING (transaction_id) WHERE l.reader < ? ORDER BY l.reader, l.number, l.position
"""


class Evening:
    """A contract whose readers have sold `count` lines, of which the host has the copies.

    Another one of a single reader is collected first: statements are compiled in a till's first evening only.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._temporary = tempfile.TemporaryDirectory(prefix="zinc-")

    def __enter__(self) -> Evening:
        self.folder = Path(self._temporary.name)
        self.database = Database(f"sqlite:///{self.folder / 'till.db'}")
        self.database.migrate()
        readers = range(self.count // LINES_A_DAY)
        night.fill(self.database, len(readers) + 1, LINES_A_DAY)
        clock, timers = night.NightClock(), TimerTable(self.database)
        where = (self.database, self.folder / "remittances", LINES_A_DAY)
        self.service = night.service_of(*where, InlineJobs(), timers, clock)
        self.service.add_contract(night.merchant(1, readers))
        self.service.add_contract(night.merchant(2, [len(readers)]))
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.database.close()
        self._temporary.cleanup()

    async def collect(self) -> Remittance:
        """All of it; what it took, beside its readers, is then in `took_s` and `processor_s`."""
        await self.service.collect_now("M0000002")
        readers_s, began, processor = night.MadeUpReader.spent_s, time.perf_counter(), time.process_time()
        remittance = self.service.remittance(await self.service.collect_now("M0000001"))
        readers_s = night.MadeUpReader.spent_s - readers_s
        self.took_s = time.perf_counter() - began - readers_s
        self.processor_s = time.process_time() - processor - readers_s
        assert (remittance.state, remittance.count) == (State.ACKED, self.count), remittance
        return remittance

    def write_again(self, remittance: Remittance) -> float:
        """Processor seconds to write its file from its rows; what it does when the file is gone."""
        path = self.folder / "remittances" / f"{remittance.reference}.xml"
        path.unlink(missing_ok=True)  # it is forgotten once totals agree
        began = time.process_time()
        assert self.service.overview.xml(remittance.id) == path
        return time.process_time() - began

    def write_alone(self) -> float:
        """Processor seconds that sqlite3 and lxml need for the same rows and lines."""
        began = time.process_time()
        connection = sqlite3.connect(self.folder / "till.db")
        with (self.folder / "alone.xml").open("wb") as file:
            batch.write_lines(file, self._read(connection), self.count)
        connection.close()
        return time.process_time() - began

    def _read(self, connection: sqlite3.Connection) -> Iterator[CaptureLine]:
        other = f"{self.count // LINES_A_DAY:08}"
        for key, kind, minor, currency, *others in connection.execute(ROWS, (other,)):
            yield CaptureLine(key, kind, Money(minor, CURRENCIES[currency]), *others)


async def measure(counts: tuple[int, ...] = COUNTS) -> list[Measure]:
    took: dict[int, float] = {}
    measures: list[Measure] = []
    for count in counts:
        spent = [await _spent(count) for _ in range(RUNS if count <= MOST_OF_RUNS else 1)]
        took_s, evening_s, again_s, alone_s = (min(times) for times in zip(*spent, strict=True))
        took[count] = evening_s / count
        measures += [
            Measure(f"telecollection of {count}", took_s, "s", 10 if count == 10_000 else None),
            Measure(f"telecollection of {count}: a line, by processor", took[count] * 1e6, "µs"),
            Measure(f"telecollection of {count}: times rows and lxml alone", evening_s / alone_s, "times", 2),
            Measure(f"telecollection of {count}: its file, times that", again_s / alone_s, "times", 2),
        ]
    peaks = {count: await peak(count) for count in counts}
    flat = f"{counts[-1]} against {counts[0]}"
    return [
        *measures,
        Measure(f"telecollection: a line of {flat}", took[counts[-1]] / took[counts[0]], "times", 1.2),
        *(Measure(f"telecollection of {count}: peak memory", peaks[count] / 1024, "KiB") for count in counts),
        Measure(f"telecollection: memory, {flat}", peaks[counts[-1]] / peaks[counts[0]], "times", 1.2),
    ]


async def _spent(count: int) -> tuple[float, float, float, float]:
    """Of one evening, in seconds: on the wall, of the processor, for its file once more, and for that file alone."""
    with Evening(count) as evening:
        remittance = await evening.collect()
        again_s = min(evening.write_again(remittance) for _ in range(RUNS))
        alone_s = min(evening.write_alone() for _ in range(RUNS))
        return evening.took_s, evening.processor_s, again_s, alone_s


async def measure_long() -> list[Measure]:
    return await measure(LONG)


async def peak(count: int) -> int:
    """Bytes beyond what was there before the evening began."""
    with Evening(count) as evening:
        gc.collect()
        tracemalloc.start()
        await evening.collect()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most
