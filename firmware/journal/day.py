"""What a journal day came to: lines, totals and hash of its seal (ARCHITECTURE.md, the life of a payment).

Loaded in the evening only. A day is read again for each of its parts, and never held in memory.
"""

from __future__ import annotations

from hashlib import sha256
from struct import pack
from typing import TYPE_CHECKING

from emv import tlv
from emv.constant import const
from emv.errors import CardFault
from firmware.errors import ReaderFault
from firmware.journal.record import BEGUN, COMPLETED, ENDED, LAST, RESULTS, VOIDED
from protocol import messages
from protocol.generated.messages import ENUMERATIONS, FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware.journal.journal import Journal
    from firmware.journal.record import Record

LINE = 33
_FIRST_PREVIOUS = bytes(32)
_PURCHASE = "purchase"
_REFUND = "refund"
_KEPT_BY_ITS_END = (_PURCHASE, "cash_back", _REFUND)
_MOST_ROWS = const(10)  # of totals, and one for what there is beyond: at most 468 bytes
_KINDS = ENUMERATIONS[FIELDS.index("kind")]
_BRANDS = ENUMERATIONS[FIELDS.index("brand")]
_DEDICATED_FILE_NAME = const(0x84)
_DEBITS = const(0)  # places in a row of totals: count, and sum after it
_CREDITS = const(2)
_CANCELLATIONS = const(4)


def bounds(journal: Journal, number: int) -> tuple[int, int] | None:
    """(place of the first entry, place after the last) of a day that is open, or sealed and still whole."""
    start = journal.seal_place(number - 1) + 1 if number > 1 else 0
    end = journal.sequence if number == journal.number else journal.seal_place(number) + 1
    is_known = number == journal.number or end > start
    is_whole = start >= journal.first and (start > 0 or number == 1)
    return (start, end) if is_known and is_whole else None


class Day:
    """One that has bounds. Raises ReaderFault journal_damaged when a record of it is rotten."""

    def __init__(self, journal: Journal, number: int, start: int, end: int) -> None:
        self.number = number
        self._journal = journal
        self._start = start
        self._end = end
        self._voided = set()
        for place in range(start, end):
            part = journal.record(place)
            if part is None and not journal.is_torn(place):
                raise ReaderFault("journal_damaged")
            if part is not None and part.kind == VOIDED and part.flags & LAST and journal.entry(place) is not None:
                self._voided.add(part.transaction_id)  # committed: a cancellation that was cut off did not happen

    def lines(self) -> Iterator[bytes]:
        """In the journal's order, of 33 bytes each."""
        for message in self._captures():
            if message["transaction_id"] not in self._voided:
                yield _line(message)

    def totals(self) -> tuple[int, bytes]:
        """(count of lines, rows of totals)."""
        count = 0
        rows: dict[bytes, list[int]] = {}
        for message in self._captures():
            sums = rows.setdefault(_row_head(message, rows), [0] * 6)
            side = _CREDITS if message.get("kind") == _REFUND else _DEBITS
            if message["transaction_id"] in self._voided:
                side = _CANCELLATIONS
            else:
                count += 1
            sums[side] += 1
            sums[side + 1] += message["amount_minor"]
        return count, b"".join(sorted([head + _sides(rows[head]) for head in rows]))

    def seal(self, business_date: int) -> dict:
        """The seal message, but for ksn and mac."""
        count, totals = self.totals()
        previous = _previous_hash(self._journal, self.number)
        hashing = sha256(previous + pack(">IIHH", self.number, business_date, count, len(totals)) + totals)
        for each in self.lines():
            hashing.update(each)
        seal = {"type": "seal", "number": self.number, "business_date": business_date, "count": count}
        seal.update({"totals": totals, "previous": previous, "hash": hashing.digest()})
        return seal

    def _captures(self) -> Iterator[dict]:
        """Results by which something is captured, cancelled ones too."""
        for part, payload in entries(self._journal, self._start, self._end):
            if part.kind in (ENDED, COMPLETED):
                message = messages.decode(payload)
                if _is_capture(part.kind, message):
                    yield message


def entries(journal: Journal, start: int, end: int) -> Iterator[tuple[Record, bytes]]:
    """Entries of payments that were committed between these places, oldest first: (last record, payload)."""
    for place in range(start, end):
        part = journal.record(place)
        if part is not None and part.flags & LAST and part.kind in RESULTS + (BEGUN,):
            payload = journal.entry(place)
            if payload is not None:
                yield part, payload


def _is_capture(kind: int, message: dict) -> bool:
    if message["outcome"] != "approved":
        return False
    return kind == COMPLETED or message.get("kind", _PURCHASE) in _KEPT_BY_ITS_END


def _line(message: dict) -> bytes:
    """Of a capture record. One without a MAC is the acquirer's to refuse."""
    kind = _KINDS.index(message.get("kind", _PURCHASE))
    amount = message["amount_minor"].to_bytes(6, "big")
    return message["transaction_id"] + pack(">B6sH8s", kind, amount, message["currency"], message.get("mac", bytes(8)))


def _row_head(message: dict, rows: dict[bytes, list[int]]) -> bytes:
    """Scheme, application and currency; where a message holds no more rows, the currency alone."""
    aid = b""
    try:
        for tag, value in tlv.objects(message.get("icc_data", b"")):
            if tag == _DEDICATED_FILE_NAME:
                aid = value
    except CardFault:
        pass
    currency = message["currency"].to_bytes(2, "big")
    head = bytes((_BRANDS.index(message.get("brand", "none")), len(aid))) + aid + currency
    return head if head in rows or len(rows) < _MOST_ROWS else bytes(2) + currency


def _previous_hash(journal: Journal, number: int) -> bytes:
    """Of the seal before. Raises ReaderFault journal_damaged when it is rotten."""
    if number == 1:
        return _FIRST_PREVIOUS
    before = journal.sealed(number - 1)
    if before is None:
        raise ReaderFault("journal_damaged")
    return messages.decode(before)["hash"]


def _sides(sums: list[int]) -> bytes:
    encoded = b""
    for side in (_DEBITS, _CREDITS, _CANCELLATIONS):
        encoded += sums[side].to_bytes(2, "big") + sums[side + 1].to_bytes(6, "big")
    return encoded
