"""A night of telecollection with stand-ins at its ends that cost next to nothing: readers that make their day up from
their serial number, the same in every process, and an acquirer that takes all. What is between them is shipped."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from pathlib import Path
from struct import pack
from typing import Any

from sqlalchemy import func, select

from host.acquirer.caaa import Parties
from host.acquirer.caaa_batch import write_batch
from host.acquirer.model import Batch, BatchAnswer, CaptureLine, Parameters, Reconciliation
from host.app import build
from host.clock import Clock
from host.database import Database, Work
from host.jobs.port import Jobs, Timers
from host.ledger.model import Account, Kind
from host.ledger.store import entries, postings
from host.money import Money
from host.payment.captures import captures
from host.payment.ports import Copy
from host.settings import Settings
from host.telecollection import totals
from host.telecollection.model import Contract, SealedLine
from host.telecollection.seal import line_bytes
from host.telecollection.service import Engine, TelecollectionService
from host.telecollection.store import TelecollectionStore
from host.terminal.errors import WrongSeal
from tests.host.stand_ins import Reader, chip_sale

PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
AID = bytes.fromhex("A0000000421010")
ICC_DATA = bytes.fromhex("9F2608A1B2C3D4E5F607189F10120110A0000000000000000000000000000000FF9F3704A1B2C3D4") * 2
IN_THE_EVENING = time_of_day(22, 0)
CUT_OFF = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)  # 22:00 in Paris
ROWS_AT_ONCE = 5000
Message = dict[str, Any]


def line_of(reader: int, number: int) -> CaptureLine:
    return CaptureLine(
        transaction_id=b"%08d%08d" % (reader, number),
        kind="purchase",
        amount=Money(1250 + number % 1000),
        amount_other_minor=0,
        interface="contactless",
        taken_at="20261120183015",
        icc_data=ICC_DATA,
        response_code=b"00",
        authorisation_code="123456",
        ksn=pack(">QI", reader, number),
        sealed_card=pack(">QQ", reader, number) * 3,
        mac=pack(">II", reader, number),
    )


def lines_of(reader: int, count: int) -> Iterator[CaptureLine]:
    return (line_of(reader, number) for number in range(count))


class MadeUpReader:
    """Has sold `count` lines, of the day number 1, and nothing else ever."""

    spent_s = 0.0  # of the processor, by all of them

    def __init__(self, serial: str, count: int) -> None:
        self.serial = serial
        self._number = int(serial)
        self._count = count

    async def connect(self) -> Message:
        return {"type": "welcome", "serial": self.serial, "number": 1, "parameters_version": 0}

    async def close_day(self, number: int, business_date: int) -> Message:
        if number != 1:
            raise WrongSeal({"code": "wrong_seal"})
        began = time.process_time()
        sums = totals.write(totals.of_copies(Copy("", line, "cb", AID) for line in lines_of(self._number, self._count)))
        head = pack(">IIHH", 1, business_date, self._count, len(sums))
        facts = {"count": self._count, "totals": sums, "previous": bytes(32), "ksn": bytes(12), "mac": bytes(8)}
        digest = hashlib.sha256(bytes(32) + head + sums + self._lines()).digest()
        MadeUpReader.spent_s += time.process_time() - began
        return {"type": "seal", "number": 1, "business_date": business_date, "hash": digest} | facts

    async def seal_lines(self, number: int) -> bytes:
        began = time.process_time()
        lines = self._lines()
        MadeUpReader.spent_s += time.process_time() - began
        return lines

    async def status(self, **_: bytes | None) -> Message:
        raise WrongSeal({"code": "unknown_transaction"})

    async def acknowledge(self, number: int, hash: bytes) -> None:  # noqa: A002  the schema's name
        pass

    async def apply_parameters(self, contract: bytes, signature: bytes) -> int:
        raise WrongSeal({"code": "bad_signature"})

    def _lines(self) -> bytes:
        records = lines_of(self._number, self._count)
        return b"".join(
            line_bytes(SealedLine(each.transaction_id, each.kind, each.amount, each.mac)) for each in records
        )


class TakesAll:
    def __init__(self) -> None:
        self.counts: dict[str, tuple[int, int]] = {}

    def write_batch(self, batch: Batch, path: Path) -> None:
        count = sum(row.debit_count + row.credit_count for row in batch.totals)
        self.counts[path.name.partition(".")[0]] = (batch.exchange_id, count)
        with path.open("wb") as file:
            write_batch(file, batch, PARTIES)

    async def submit(self, path: Path) -> BatchAnswer:
        return BatchAnswer(*self.counts[path.name.partition(".")[0]])

    async def reconcile(self, reconciliation: Reconciliation) -> Reconciliation:
        return reconciliation

    async def parameters(self, version: int) -> Parameters | None:
        return None

    async def settlements(self, after: str = "") -> Sequence[bytes]:
        return ()


class NightClock:
    """As if it had been a second past the cut-off when it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return CUT_OFF + timedelta(seconds=1 + time.monotonic() - self._began)


def service_of(
    database: Database, folder: Path, lines: int, jobs: Jobs, timers: Timers, clock: Clock, **of_the_engine: Any
) -> TelecollectionService:
    """`lines` of each reader."""
    app = build(Settings(), Reader(chip_sale), acquirer=None, clock=clock, database=database)
    acquirer = TakesAll()
    return TelecollectionService(
        TelecollectionStore(database),
        app.payments.copies,
        app.ledger,
        lambda serial: MadeUpReader(serial, lines),
        lambda _contract: acquirer,
        Engine(jobs, timers, clock, os.urandom, **of_the_engine),
        folder,
    )


def fill(database: Database, readers: int, lines: int) -> None:
    """The host's copies of what the readers sold, and their entries in the ledger."""
    rows = (capture_of(reader, line) for reader in range(readers) for line in lines_of(reader, lines))
    booked = 0
    while some := list(islice(rows, ROWS_AT_ONCE)):
        with database.transaction() as work:
            work.execute(captures.insert(), some)
            _book(work, booked, some)
        booked += len(some)
    if database.engine.dialect.name == "postgresql":
        with database.transaction() as work:
            work.execute(select(func.setval("ledger_entry_id_seq", booked)))


def _book(work: Work, booked: int, rows: Sequence[Message]) -> None:
    """As many at once as the ledger itself never books."""
    numbered = list(enumerate(rows, booked + 1))
    sides = ((Account.CARD_RECEIVABLE, 1), (Account.SALES, -1))
    moved = [
        {"entry_id": number, "account": str(account), "amount_minor": sign * row["amount_minor"], "currency": "EUR"}
        for number, row in numbered
        for account, sign in sides
    ]
    facts = {"kind": str(Kind.SALE), "booked_at": CUT_OFF, "brand": "cb", "aid": AID}
    work.execute(postings.insert(), moved)
    work.execute(
        entries.insert(), [facts | {"id": number, "reference": row["transaction_id"]} for number, row in numbered]
    )


def capture_of(reader: int, line: CaptureLine) -> Message:
    said = ("transaction_id", "kind", "amount_other_minor", "interface", "taken_at", "icc_data", "response_code")
    sealed = ("authorisation_code", "ksn", "sealed_card", "mac", "offline", "original")
    row = {name: getattr(line, name) for name in (*said, *sealed)}
    amount = {"amount_minor": line.amount.amount_minor, "currency": line.amount.currency.code}
    own = {"reader": f"{reader:08}", "brand": "cb", "aid": AID, "mac_ksn": None, "voided_at": None, "kept_at": CUT_OFF}
    return row | amount | own


def merchant(number: int, readers: Sequence[int]) -> Contract:
    serials = tuple(f"{reader:08}" for reader in readers)
    return Contract(f"M{number:07}", "Café du Zinc", "ZINC-ACQUIRER", IN_THE_EVENING, "Europe/Paris", serials)
