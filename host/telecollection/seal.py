"""What is under a reader's seal, and whether the host's copies are it (attacks/B-16).

hash = SHA-256(previous | number u32 | business_date u32 | count u16 | length u16 and totals | lines). A line is 33
bytes: transaction_id | kind u8 | amount u48 | currency u16 | MAC of the capture record. The seal's own MAC only the
acquirer can check; hash and MACs of lines are compared here, so that a copy that was edited never leaves.
"""

from __future__ import annotations

import hashlib
from struct import pack, unpack

from host.acquirer.model import CaptureLine
from host.money import CURRENCIES, Money
from host.telecollection.errors import MalformedSeal, SealBroken
from host.telecollection.model import SealedDay, SealedLine
from host.telecollection.ports import Copy
from protocol.generated.messages import ENUMERATIONS, FIELDS

KINDS = ENUMERATIONS[FIELDS.index("kind")]
LINE_SIZE = 33
LINE = ">16sBHIH8s"
CURRENCY_BY_NUMERIC = {currency.numeric: currency for currency in CURRENCIES.values()}


def read_lines(data: bytes) -> list[SealedLine]:
    """Raises MalformedSeal."""
    if len(data) % LINE_SIZE:
        raise MalformedSeal("lines")
    return [_read_line(data[place : place + LINE_SIZE]) for place in range(0, len(data), LINE_SIZE)]


def line_bytes(line: SealedLine) -> bytes:
    minor = line.amount.amount_minor
    kind, currency = KINDS.index(line.kind), line.amount.currency.numeric
    return pack(LINE, line.transaction_id, kind, minor >> 32, minor & 0xFFFFFFFF, currency, line.mac)


class Check:
    """Of one day, line by line, so that a day of any length is checked as it streams by."""

    def __init__(self, day: SealedDay) -> None:
        self._day = day
        self._count = 0
        date_number = int(f"{day.business_date:%Y%m%d}")
        head = pack(">IIHH", day.number, date_number, day.count, len(day.totals))
        self._hash = hashlib.sha256(day.previous + head + day.totals)

    def line(self, line: SealedLine) -> None:
        self._count += 1
        self._hash.update(line_bytes(line))

    def copy(self, line: SealedLine, copy: Copy | None) -> CaptureLine:
        """The copy's record. Raises SealBroken when it is not the one that was sealed."""
        if copy is None:
            raise self._broken("copy_missing")
        kept = copy.line
        if (kept.kind, kept.amount, kept.mac) != (line.kind, line.amount, line.mac):
            raise self._broken("copy_differs")
        return kept

    def end(self) -> None:
        """Raises SealBroken."""
        if self._count != self._day.count:
            raise self._broken("count")
        if self._hash.digest() != self._day.hash:
            raise self._broken("hash")

    def _broken(self, why: str) -> SealBroken:
        return SealBroken(self._day.reader, self._day.number, why)


def check_chain(day: SealedDay, before: SealedDay | None, same: SealedDay | None) -> None:
    """A seal follows the one before it, and a number is sealed once. Raises SealBroken.

    before: what the host has of the day before it; None for the first that it sees. same: of the day itself.
    """
    if same is not None and same.hash != day.hash:
        raise SealBroken(day.reader, day.number, "fork")
    if before is not None and before.hash != day.previous:
        raise SealBroken(day.reader, day.number, "chain")


def _read_line(data: bytes) -> SealedLine:
    transaction_id, kind, high, low, currency, mac = unpack(LINE, data)
    if kind >= len(KINDS) or currency not in CURRENCY_BY_NUMERIC:
        raise MalformedSeal("line")
    return SealedLine(transaction_id, KINDS[kind], Money(high << 32 | low, CURRENCY_BY_NUMERIC[currency]), mac)
