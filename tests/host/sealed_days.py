"""Capture records and sealed days as a reader makes them, for an acquirer to whom threes are a good MAC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from itertools import count
from struct import pack
from typing import Any

from emv import tlv
from host.acquirer.caaa import Parties
from host.acquirer.caaa_authorisation import read_answer, write_request
from host.acquirer.caaa_batch import write_batch
from host.acquirer.caaa_batch_answer import read_batch_answer
from host.acquirer.model import (
    AuthorisationAnswer,
    AuthorisationRequest,
    Batch,
    BatchAnswer,
    CaptureLine,
    DataSet,
    Totals,
)
from host.money import Money
from tools.simulators.acquirer.seals import line_bytes, totals_bytes
from tools.simulators.acquirer.simulator import AcquirerSimulator

NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # a Friday
PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
GOOD_MAC = b"\x33" * 8
VISA = bytes.fromhex("A0000000031010")
TYPES = {"cash_back": 0x09, "refund": 0x20}
_exchanges = count(1)


def transaction_id(number: int) -> bytes:
    return sha256(number.to_bytes(4, "big")).digest()[:16]


def ksn(number: int) -> bytes:
    return bytes(8) + number.to_bytes(4, "big")


def request(number: int, amount_minor: int = 1250, kind: str = "purchase", **changes: Any) -> AuthorisationRequest:
    data = (0x9F02, bytes.fromhex(f"{amount_minor:012}")), (0x9F03, bytes(6)), (0x9C, bytes((TYPES.get(kind, 0),)))
    facts: dict[str, Any] = {
        "transaction_id": transaction_id(number),
        "amount": Money(amount_minor),
        "interface": "contact",
        "icc_data": b"".join(tlv.encode(tag, value) for tag, value in data),
        "ksn": ksn(number),
        "sealed_card": b"\x11" * 48,
        "pin_block": None,
        "mac": GOOD_MAC,
        "requested_at": NOW,
        "kind": kind,
    }
    return AuthorisationRequest(**facts | changes)


def line(number: int, amount_minor: int = 1250, **changes: Any) -> CaptureLine:
    facts: dict[str, Any] = {
        "transaction_id": transaction_id(number),
        "kind": "purchase",
        "amount": Money(amount_minor),
        "amount_other_minor": 0,
        "interface": "contact",
        "taken_at": "20261120183015",
        "icc_data": tlv.encode(0x9F27, b"\x40") + tlv.encode(0x84, VISA),
        "response_code": b"00",
        "authorisation_code": "123456",
        "ksn": ksn(number),
        "sealed_card": b"\x11" * 48,
        "mac": GOOD_MAC,
    }
    return CaptureLine(**facts | changes)


def offline(number: int, amount_minor: int = 1250, **changes: Any) -> CaptureLine:
    facts: dict[str, Any] = {"response_code": b"Y3", "authorisation_code": None, "offline": True}
    return line(number, amount_minor, **facts | changes)


def totals(lines: Iterable[CaptureLine]) -> tuple[Totals, ...]:
    sums = [0, 0, 0, 0]
    for each in lines:
        side = 2 if each.kind == "refund" else 0
        sums[side] += 1
        sums[side + 1] += each.amount.amount_minor
    return (Totals("visa", VISA, "EUR", *sums),) if any(sums) else ()


def copies(number: int, lines: list[CaptureLine], reader: str = "ZINC-0001", **changes: Any) -> DataSet:
    """Without a seal."""
    facts: dict[str, Any] = {
        "id": f"{reader}/{number}/copies",
        "reader": reader,
        "number": number,
        "business_date": date(2026, 11, 20),
        "totals": totals(lines),
        "lines": lines,
        "count": len(lines),
    }
    return DataSet(**facts | changes)


def sealed(number: int, lines: list[CaptureLine], previous: bytes = bytes(32), **changes: Any) -> DataSet:
    day = copies(number, lines, **{"id": f"ZINC-0001/{number}"} | changes)
    rows = totals_bytes(day.totals)
    digest = sha256(previous + pack(">IIHH", number, 20261120, day.count, len(rows)) + rows)
    for each in day.lines:
        digest.update(line_bytes(each))
    return replace(day, previous=previous, hash=digest.digest(), ksn=ksn(90000 + number), mac=GOOD_MAC)


def batch(*data_sets: DataSet, exchange_id: int = 0) -> Batch:
    lines = [each for data_set in data_sets for each in data_set.lines]
    return Batch(exchange_id or next(_exchanges), NOW, totals(lines), data_sets)


def written(of: Batch) -> bytes:
    file = BytesIO()
    write_batch(file, of, PARTIES)
    return file.getvalue()


def authorise(acquirer: AcquirerSimulator, asked: AuthorisationRequest) -> AuthorisationAnswer:
    status, answer = acquirer.handle("/caaa", write_request(asked, PARTIES))
    assert status == 200, status
    return read_answer(answer)


def submit(acquirer: AcquirerSimulator, *data_sets: DataSet) -> BatchAnswer:
    status, answer = acquirer.handle("/caaa", written(batch(*data_sets)))
    assert status == 200, status
    return read_batch_answer(answer)
