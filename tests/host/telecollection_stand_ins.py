"""The ends of a telecollection: readers with a journal, copies, an acquirer that checks seals and dedups."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from struct import pack
from typing import Any

from host.acquirer.caaa import Parties
from host.acquirer.caaa_batch import write_batch
from host.acquirer.caaa_batch_reader import read_batch
from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable
from host.acquirer.model import (
    Batch,
    BatchAnswer,
    CaptureLine,
    DataSet,
    Parameters,
    Reconciliation,
    RejectedLine,
    Totals,
)
from host.telecollection import totals
from host.telecollection.model import SealedLine
from host.telecollection.ports import Copy, Message
from host.telecollection.seal import line_bytes
from host.terminal.errors import LinkLost, ReaderNotFound, ReaderRefused, WrongSeal

AID = bytes.fromhex("A0000000421010")
PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")


class StandInReader:
    """A journal: sales of the open day, sealed days until they are acknowledged."""

    def __init__(self, serial: str) -> None:
        self.serial = serial
        self.number = 1
        self.open: list[Copy] = []
        self.days: dict[int, tuple[Message, bytes]] = {}
        self.records: dict[bytes, Copy] = {}
        self.previous = bytes(32)
        self.acknowledged: list[int] = []
        self.version = 0
        self.here = True
        self.cut: Counter[str] = Counter()  # answers of these calls are lost, so many times
        self.refuses_parameters = False
        self.asked: Counter[str] = Counter()

    async def connect(self) -> Message:
        self.asked["connect"] += 1
        if not self.here:
            raise ReaderNotFound(self.serial)
        return {"type": "welcome", "serial": self.serial, "number": self.number, "parameters_version": self.version}

    async def close_day(self, number: int, business_date: int) -> Message:
        self._hears("close_day")
        if number == self.number:
            self._seal(number, business_date)
        if number not in self.days:
            raise WrongSeal({"code": "wrong_seal"})
        return self._answers("close_day", self.days[number][0])

    async def seal_lines(self, number: int) -> bytes:
        self._hears("seal_lines")
        if number not in self.days:
            raise WrongSeal({"code": "wrong_seal"})
        return self._answers("seal_lines", self.days[number][1])

    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> Message:
        self._hears("status")
        if transaction_id not in self.records:
            raise ReaderRefused({"code": "unknown_transaction"})
        return self._answers("status", {"type": "result", "transaction_id": transaction_id})

    async def acknowledge(self, number: int, hash: bytes) -> None:  # noqa: A002  the schema's name
        self._hears("acknowledge")
        if number not in self.acknowledged:
            if self.days[number][0]["hash"] != hash:
                raise WrongSeal({"code": "wrong_seal"})
            self.acknowledged.append(number)
            del self.days[number]
        self._answers("acknowledge", None)

    async def apply_parameters(self, contract: bytes, signature: bytes) -> int:
        self._hears("parameters")
        if self.refuses_parameters or signature != b"good":
            raise ReaderRefused({"code": "bad_signature"})
        self.version += 1
        return self._answers("parameters", self.version)

    def _hears(self, name: str) -> None:
        self.asked[name] += 1
        if not self.here:
            raise LinkLost(self.serial)

    def _answers(self, name: str, answer: Any) -> Any:
        if self.cut[name]:
            self.cut[name] -= 1
            raise LinkLost(name)
        return answer

    def _seal(self, number: int, business_date: int) -> None:
        lines = [sealed_line(copy) for copy in self.open]
        data = b"".join(map(line_bytes, lines))
        sums = totals.write(totals.of_copies(self.open))
        head = pack(">IIHH", number, business_date, len(lines), len(sums))
        digest = hashlib.sha256(self.previous + head + sums + data).digest()
        seal = {
            "type": "seal",
            "number": number,
            "business_date": business_date,
            "count": len(lines),
            "totals": sums,
            "previous": self.previous,
            "hash": digest,
            "ksn": b"\x01" * 12,
            "mac": b"\x33" * 8,
        }
        self.days[number] = (seal, data)
        self.previous, self.number, self.open = digest, number + 1, []


def sealed_line(copy: Copy) -> SealedLine:
    return SealedLine(copy.line.transaction_id, copy.line.kind, copy.line.amount, copy.line.mac)


class StandInCaptures:
    """The host's copies; `keep` asks the readers' records for what a result message holds."""

    def __init__(self) -> None:
        self.copies: dict[bytes, Copy] = {}
        self.records: dict[bytes, Copy] = {}
        self.unknown: dict[str, list[str]] = {}
        self.settled: list[str] = []  # readers that were asked for ends before they purged
        self.looked_since: datetime | None = None
        self.book: Callable[[Copy], None] = lambda _: None  # in the ledger

    def find(self, work: Any, transaction_ids: Sequence[bytes]) -> dict[bytes, Copy]:
        return {key: self.copies[key] for key in transaction_ids if key in self.copies}

    def keep(self, reader: str, result: Message) -> None:
        copy = self.records[result["transaction_id"]]
        self.book(copy)
        self.copies[result["transaction_id"]] = copy

    def of_reader(self, work: Any, reader: str, after: bytes | None, since: datetime | None = None) -> Iterable[Copy]:
        self.looked_since = since
        mine = sorted(key for key, copy in self.copies.items() if copy.reader == reader and key > (after or b""))
        return [self.copies[key] for key in mine[:500]]

    def without_copy(self, work: Any, reader: str) -> Sequence[str]:
        return self.unknown.get(reader, [])

    async def settle(self, reader: str) -> None:
        self.settled.append(reader)


class StandInAcquirer:
    """Answers once for each exchange id; captures each transaction once; refuses what does not hold together."""

    def __init__(self) -> None:
        self.captured: dict[bytes, int] = {}
        self.answers: dict[int, BatchAnswer] = {}
        self.files: dict[int, set[bytes]] = {}
        self.rejects: dict[bytes, str] = {}
        self.refuses: dict[str, str] = {}  # data sets of these readers, or of all ("*")
        self.before: list[Exception] = []  # raised before the batch is read,
        self.after: list[Exception] = []  # or when it was taken
        self.silent_010 = 0
        self.off_minor = 0  # its totals differ by so much
        self.told: list[Reconciliation] = []
        self.offers: list[Parameters | Exception] = []
        self.notices: list[bytes] = []
        self.down = False
        self.sums: dict[int, list[Totals]] = {}
        self.last: dict[str, tuple[int, bytes]] = {}  # of each reader, the seal that was taken last
        self.without_seal: set[tuple[str, int]] = set()

    def write_batch(self, batch: Batch, path: Path) -> None:
        with path.open("wb") as file:
            write_batch(file, batch, PARTIES)

    async def submit(self, path: Path) -> BatchAnswer:
        if self.down:
            raise AcquirerUnreachable("ConnectError")
        if self.before:
            raise self.before.pop(0)
        with path.open("rb") as file:
            batch = read_batch(file)
            self.files.setdefault(batch.exchange_id, set()).add(hashlib.sha256(path.read_bytes()).digest())
            if batch.exchange_id not in self.answers:
                self.answers[batch.exchange_id] = self._take(batch)
        if self.after:
            raise self.after.pop(0)
        return self.answers[batch.exchange_id]

    def _take(self, batch: Batch) -> BatchAnswer:
        rejected: list[RejectedLine] = []
        refused: list[tuple[str, str]] = []
        taken = 0
        sums = self.sums.setdefault(batch.exchange_id, [])
        for data_set in batch.data_sets:
            lines = list(data_set.lines)
            why = self.refuses.get("*") or self.refuses.get(data_set.reader) or self._wrong(data_set, lines)
            if why:
                refused.append((data_set.id, why))
                continue
            self._follow(data_set)
            for line in lines:
                reason = self.rejects.get(line.transaction_id)
                if reason or line.transaction_id in self.captured:
                    rejected.append(RejectedLine(line.transaction_id, reason or "captured before"))
                    continue
                self.captured[line.transaction_id] = line.amount.amount_minor
                taken += 1
                sums.append(totals.of_copy(Copy(data_set.reader, line, "cb", AID)))
        return BatchAnswer(batch.exchange_id, taken, tuple(rejected), tuple(refused))

    def _wrong(self, data_set: DataSet, lines: list[CaptureLine]) -> str | None:
        if data_set.hash is None:
            return None
        day = int(f"{data_set.business_date:%Y%m%d}")
        data = b"".join(line_bytes(sealed_line(Copy("", line, "", b""))) for line in lines)
        sums = totals.write(data_set.totals)
        head = pack(">IIHH", data_set.number, day, len(lines), len(sums))
        digest = hashlib.sha256((data_set.previous or b"") + head + sums + data).digest()
        if digest != data_set.hash:
            return "seal_broken"
        last, previous = self.last.get(data_set.reader, (0, bytes(32)))
        skipped = range(last + 1, data_set.number)
        copies = skipped and all((data_set.reader, number) in self.without_seal for number in skipped)
        return None if copies or (not skipped and previous == data_set.previous) else "chain_broken"

    def _follow(self, data_set: DataSet) -> None:
        if data_set.hash is None:
            self.without_seal.add((data_set.reader, data_set.number))
        else:
            self.last[data_set.reader] = (data_set.number, data_set.hash)

    async def reconcile(self, reconciliation: Reconciliation) -> Reconciliation:
        if self.down or self.silent_010:
            self.silent_010 -= 1
            raise AcquirerSilent("10 s")
        self.told.append(reconciliation)
        sums = list(totals.joined(self.sums.get(reconciliation.exchange_id, [])))
        if self.off_minor:
            sums[0] = replace(sums[0], debit_minor=sums[0].debit_minor + self.off_minor)
        return Reconciliation(reconciliation.exchange_id, tuple(sums))

    async def parameters(self, version: int) -> Parameters | None:
        if not self.offers:
            return None
        offer = self.offers[0]
        if isinstance(offer, Exception):
            raise offer
        return offer if offer.version > version else None

    async def settlements(self, after: str = "") -> Sequence[bytes]:
        return self.notices
