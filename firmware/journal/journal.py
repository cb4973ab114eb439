"""What happened to each payment, kept through power cuts (terminal/T-R22, faults/LFS-2).

Segments `journal.N` of a fixed length: a record's place is its sequence number, so that none comes back, whatever rots
or is purged. An entry is one record or more and counts only when its last record, the commit, is whole. Nothing is
dropped but by purge.py. Only what a payment needs stays in memory: survey.py, day.py, purge.py and reserve.py do not.
"""

from __future__ import annotations

from binascii import crc32
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.checked import checked
from firmware.errors import ReaderFault
from firmware.journal import record
from firmware.journal.record import (
    ACKNOWLEDGED,
    AMOUNT,
    BEGUN,
    CARRIED,
    COMPLETED,
    ENDED,
    FIRST,
    LAST,
    PAYLOAD_SIZE,
    RECORD_SIZE,
    RESULTS,
    SEALED,
    VOIDED,
    WENT_ONLINE,
    Record,
)
from firmware.overlay import Overlay

if TYPE_CHECKING:
    from firmware.drivers.storage import Storage

_MOST_RECORDS = const(127)  # of a segment: with the pointers that LittleFS keeps between blocks, 8 blocks of 4 KiB
_FEWEST_SEGMENTS = const(8)
_RESULT_RECORDS = const(5)  # of a message as long as a frame may be
_WORST_CASE = const(19)  # begun, amount, went online, ended, voided; and what closes the day: sealed, acknowledged
_ID = const(8)  # where a record has the transaction id,
_REQUEST_ID = const(24)  # and where one of BEGUN has the request id
FILTER_BITS = 8192  # at 500 payments one new request id in 75 is looked for in vain


MARK = "mark/journal"


class Begun:
    """A payment that was begun. `request` and `amount` (b"" for none) are what `begin` and `amount` were given.

    went_online: the host was asked. damaged: a record after it is rotten, perhaps its end.
    """

    def __init__(self, transaction_id: bytes, request: bytes) -> None:
        self.transaction_id = transaction_id
        self.request = request
        self.amount = b""
        self.went_online = False
        self.damaged = False


class Journal:
    """Raises ReaderFault("storage_full") when something cannot be kept; then it is not.

    sequence: of the next record; first: of the oldest that was not purged.
    number: of the day that is open, from 1; its entries begin at day_start.
    requests: a filter (Bloom's) that says of most request ids which are not in the journal that they are not.
    damaged: records that were whole once and are no more, as of start or purge; rotten: the newest of them, or -1.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.records = min(_MOST_RECORDS, storage.journal_size // _FEWEST_SEGMENTS // RECORD_SIZE)  # of a segment
        self._capacity = storage.journal_size // RECORD_SIZE
        self._page = bytearray(RECORD_SIZE)
        self._view = memoryview(self._page)
        self._reserved = False
        self._settled = True
        self.sequence = self.first = self.day_start = self.damaged = 0
        self.rotten = -1
        self.number = 1
        self.requests = bytearray(0)
        code = Overlay()
        from firmware.journal.survey import survey

        survey(self)
        code.release()

    # ---- a payment

    def begin(self, transaction_id: bytes, request: bytes) -> None:
        """Keep a payment before its first APDU; `request` starts with the request id (8 bytes)."""
        if not self.has_room():
            raise ReaderFault("storage_full")
        if not self._reserved:
            self._hold_reserve()
        self._write(BEGUN, transaction_id, request)
        remember(self.requests, request[:8])

    def amount(self, transaction_id: bytes, amount: bytes) -> None:
        """What the cardholder confirmed, when it is not what was asked for."""
        self._write(AMOUNT, transaction_id, amount)

    def went_online(self, transaction_id: bytes) -> None:
        """The acquirer may know of the payment from here on."""
        self._write(WENT_ONLINE, transaction_id, b"")

    def end(self, transaction_id: bytes, result: bytes) -> None:
        self._write_surely(ENDED, transaction_id, result)

    def void(self, transaction_id: bytes, result: bytes) -> None:
        self._write(VOIDED, transaction_id, result)
        self._mark()

    def complete(self, transaction_id: bytes, result: bytes) -> None:
        self._write(COMPLETED, transaction_id, result)
        self._mark()

    # ---- the evening

    def seal(self, message: bytes) -> None:
        """The open day is closed under its number; the next one is open."""
        self._write_surely(SEALED, _named(self.number), message)
        self.number += 1
        self.day_start = self.sequence

    def acknowledge(self, number: int, digest: bytes) -> None:
        """`digest`: the hash of the seal."""
        self._write_surely(ACKNOWLEDGED, _named(number), digest)

    def carry(self, begun: Begun, result: bytes) -> None:
        """Write a payment again, before its segment is purged."""
        self._write(BEGUN, begun.transaction_id, begun.request, CARRIED)
        self._write(ENDED, begun.transaction_id, result, CARRIED)

    # ---- what it knows

    def has_room(self) -> bool:
        """For one more whole transaction and the seal of its day."""
        return self.sequence - self.first + _WORST_CASE <= self._capacity

    @property
    def used(self) -> int:
        """Percent."""
        return min(100, (self.sequence - self.first) * 100 // self._capacity)

    def begun(self, name: bytes) -> Begun | None:
        """The payment of that request id (8 bytes) or transaction id (16)."""
        if len(name) == 8 and not self._may_know(name):
            return None
        place = self.find((BEGUN,), name, _REQUEST_ID if len(name) == 8 else _ID)
        return self._begun_at(place) if place >= 0 else None

    def result_of(self, transaction_id: bytes) -> bytes | None:
        """What `end`, `void` or `complete` was given, whichever was last; None also when that is rotten."""
        return self.entry(self.find(RESULTS, transaction_id))

    def last_result(self) -> bytes | None:
        """Of whichever payment had one last."""
        return self.entry(self.find(RESULTS, without=CARRIED))

    def is_sealed(self, transaction_id: bytes) -> bool:
        """Is what is captured of it, if anything, in a day that is closed?"""
        return self.find((ENDED, COMPLETED), transaction_id) < self.day_start

    def unfinished(self) -> Begun | None:
        """The payment that a power cut interrupted: at most one, since one ends before the next begins."""
        place = self.find((BEGUN,), without=CARRIED)
        begun = self._begun_at(place) if place >= 0 else None
        if begun is None or self.find(RESULTS, begun.transaction_id) > place:
            return None
        begun.damaged = self.rotten > place
        return begun

    def sealed(self, number: int) -> bytes | None:
        """What `seal` was given for that day."""
        return self.entry(self.seal_place(number))

    def seal_place(self, number: int) -> int:
        """Where that day was closed; -1 when it was not, or long ago."""
        return self.find((SEALED,), _named(number))

    # ---- records

    def find(self, kinds: tuple[int, ...], name: bytes = b"", at: int = _ID, without: int = 0) -> int:
        """The place of the newest commit of one of the kinds with `name` in it and none of these flags, or -1.

        It may be rotten, so that what was before does not come back in its stead.
        """
        self._settle()
        end = at + len(name)
        for place in range(self.sequence - 1, self.first - 1, -1):
            page = self.page(place)
            if page is None or page[1] not in kinds or not page[2] & LAST or page[2] & without:
                continue
            if bytes(page[at:end]) == name and not record.is_torn(page):
                return place
        return -1

    def entry(self, place: int) -> bytes | None:
        """The payload of the entry that was committed at that place; None when a record of it is lost."""
        payload = b""
        while place >= self.first:
            part = self.record(place)
            if part is None:
                return None
            payload = part.payload + payload
            if part.flags & FIRST:
                return payload
            place -= 1
        return None

    def record(self, place: int) -> Record | None:
        """None when it is torn or rotten."""
        page = self.page(place)
        found = record.decode(page) if page is not None else None
        return found if found is not None and found.sequence == place else None

    def is_torn(self, place: int) -> bool:
        """Did the power fail while it was written?"""
        page = self.page(place)
        return page is not None and record.is_torn(page)

    def page(self, place: int) -> memoryview | None:
        """The bytes at a place until another one is asked for."""
        offset = place % self.records * RECORD_SIZE
        try:
            count = self.storage.read_at(self.segment(place), offset, self._page)
        except OSError:  # the segment is lost
            return None
        return self._view if count == RECORD_SIZE else None

    def segment(self, place: int) -> str:
        return "journal.%d" % (place // self.records)

    def _may_know(self, request_id: bytes) -> bool:
        for bit in bits(request_id):
            if not self.requests[bit >> 3] >> (bit & 7) & 1:
                return False
        return True

    def _begun_at(self, place: int) -> Begun | None:
        """With what follows it, up to the next one."""
        part = self.record(place)
        begun = Begun(part.transaction_id, part.payload) if part is not None else None
        while begun is not None and place + 1 < self.sequence:
            place += 1
            part = self.record(place)
            if part is not None and part.kind == BEGUN:
                break
            if part is not None and part.transaction_id == begun.transaction_id:
                begun.went_online = begun.went_online or part.kind == WENT_ONLINE
                begun.amount = part.payload if part.kind == AMOUNT else begun.amount
        return begun

    def _write_surely(self, kind: int, name: bytes, payload: bytes) -> None:
        """What could begin can end, also when others filled the storage meanwhile."""
        try:
            self._write(kind, name, payload)
        except ReaderFault:
            self._give_reserve_up()
            self._write(kind, name, payload)
        self._mark()

    def _mark(self) -> None:
        """How far the journal went: the file system, when its own data rot, may go back to a shorter one in silence."""
        try:
            self.storage.replace(MARK, checked(self.sequence.to_bytes(4, "big")))
        except OSError:  # full: an older mark says less, and nothing wrong
            pass

    def _write(self, kind: int, transaction_id: bytes, payload: bytes, flags: int = 0) -> None:
        """One append, or two where a segment ends."""
        self._settle()
        count = (len(payload) + PAYLOAD_SIZE - 1) // PAYLOAD_SIZE or 1
        parts = []
        for number in range(count):
            mark = flags | (FIRST if number == 0 else 0) | (LAST if number == count - 1 else 0)
            piece = payload[number * PAYLOAD_SIZE : (number + 1) * PAYLOAD_SIZE]
            parts.append(record.encode(Record(kind, mark, self.sequence + number, transaction_id, piece)))
        while parts:
            here = self.records - self.sequence % self.records
            self._settled = False
            self._append(b"".join(parts[:here]))
            self.sequence += len(parts[:here])
            self._settled = True
            parts = parts[here:]

    def _append(self, data: bytes) -> None:
        try:
            return self.storage.append(self.segment(self.sequence), data)
        except OSError:
            pass
        self._close_tail()
        raise ReaderFault("storage_full")

    def _settle(self) -> None:
        """Memory may have run out in the last write: what of it is kept, only the file says (faults/R-14)."""
        if not self._settled:
            self._close_tail()
            self._settled = True

    def _close_tail(self) -> None:
        from firmware.journal.survey import close_tail

        close_tail(self)

    def _hold_reserve(self) -> None:
        from firmware.journal import reserve

        reserve.hold(self.storage)
        self._reserved = True
        self._close_tail()

    def _give_reserve_up(self) -> None:
        from firmware.journal import reserve

        reserve.give_up(self.storage)
        self._reserved = False
        self._close_tail()


def _named(number: int) -> bytes:
    """A day has a number where a payment has its transaction id."""
    return number.to_bytes(4, "big") + bytes(12)


def remember(requests: bytearray, request_id: bytes) -> None:
    for bit in bits(request_id):
        requests[bit >> 3] |= 1 << (bit & 7)


def bits(request_id: bytes) -> tuple[int, int]:
    """Of the filter, those that it has."""
    value = crc32(request_id)
    return value % FILTER_BITS, (value >> 16) % FILTER_BITS
