"""What happened to each payment, kept through power cuts (terminal/T-R22, faults/LFS-2).

Two files take turns; the older one is emptied when the newer is full. An entry is one record or more and counts only
when its last record, the commit, is whole. A torn tail is padded to a whole record, which fails its CRC and is skipped.
A reserve file is given up when storage is full, so that a payment that could begin can also end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ReaderFault
from firmware.journal import record
from firmware.journal.record import BEGUN, ENDED, FIRST, LAST, PAYLOAD_SIZE, RECORD_SIZE, WENT_ONLINE, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from firmware.drivers.storage import Storage

FILES = ("journal.0", "journal.1")
RECORDS_PER_FILE = 128  # about 25 payments a file
RESERVE = "journal.reserve"
_RESERVE_SIZE = const(1024)  # a result of four records
CHUNK = 4 * RECORD_SIZE


class Begun:
    """A payment that was begun: `request` is what `begin` was given; `went_online` says that the host was asked."""

    def __init__(self, transaction_id: bytes, request: bytes) -> None:
        self.transaction_id = transaction_id
        self.request = request
        self.went_online = False


class Journal:
    """sequence: of the next record; it never comes back. Raises ReaderFault("storage_full") when one cannot be kept."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._active = 0
        self.sequence = 0
        self._size = [0, 0]
        for index in (0, 1):
            self._survey(index)

    def begin(self, transaction_id: bytes, request: bytes) -> None:
        """Keep a payment before its first APDU; `request` starts with the request id (8 bytes)."""
        self._hold_reserve()
        self._write(BEGUN, transaction_id, request)

    def went_online(self, transaction_id: bytes) -> None:
        """The acquirer may know of the payment from here on."""
        self._write(WENT_ONLINE, transaction_id, b"")

    def end(self, transaction_id: bytes, result: bytes) -> None:
        try:
            self._write(ENDED, transaction_id, result)
        except ReaderFault:
            self._release_reserve()
            self._write(ENDED, transaction_id, result)

    def begun(self, name: bytes) -> Begun | None:
        """The payment of that request id (8 bytes) or transaction id (16)."""
        for entry in self._records():
            if entry.kind == BEGUN and name in (entry.payload[:8], entry.transaction_id):
                return Begun(entry.transaction_id, entry.payload)
        return None

    def result_of(self, transaction_id: bytes) -> bytes | None:
        """What `end` was given, once its commit is whole."""
        parts = None
        due = 0
        for entry in self._records():
            if entry.transaction_id != transaction_id or entry.kind != ENDED:
                continue
            if entry.flags & FIRST:
                parts = entry.payload
            elif parts is not None:
                parts = parts + entry.payload if entry.sequence == due else None
            due = entry.sequence + 1
            if parts is not None and entry.flags & LAST:
                return parts
        return None

    def unfinished(self) -> Begun | None:
        """The payment that a power cut interrupted: at most one, since one ends before the next begins."""
        begun = None
        for entry in self._records():
            if entry.kind == BEGUN:
                begun = Begun(entry.transaction_id, entry.payload)
            elif begun and entry.kind == WENT_ONLINE:
                begun.went_online = True
            elif entry.kind == ENDED and entry.flags & LAST:
                begun = None
        return begun

    def _survey(self, index: int) -> None:
        """Find the end of a file and the highest sequence number; make a torn tail whole."""
        size = self._length(index)
        torn = size % RECORD_SIZE
        if torn:
            self._append(index, bytes(RECORD_SIZE - torn))
            size += RECORD_SIZE - torn
        self._size[index] = size
        for entry in self._records_of(index):
            if entry.sequence >= self.sequence:
                self.sequence = entry.sequence + 1
                self._active = index

    def _length(self, index: int) -> int:
        buffer = bytearray(CHUNK)
        offset = 0
        while True:
            count = self._read(index, offset, buffer)
            offset += count
            if count < CHUNK:
                return offset

    def _records(self) -> Iterator[Record]:
        """Oldest first."""
        for index in (1 - self._active, self._active):
            yield from self._records_of(index)

    def _records_of(self, index: int) -> Iterator[Record]:
        buffer = bytearray(CHUNK)
        view = memoryview(buffer)
        offset = 0
        while True:
            count = self._read(index, offset, buffer)
            for start in range(0, count - RECORD_SIZE + 1, RECORD_SIZE):
                entry = record.decode(view[start : start + RECORD_SIZE])
                if entry:
                    yield entry
            offset += count
            if count < CHUNK:
                return

    def _read(self, index: int, offset: int, buffer: bytearray) -> int:
        try:
            return self._storage.read_at(FILES[index], offset, buffer)
        except OSError:  # no file yet
            return 0

    def _write(self, kind: int, transaction_id: bytes, payload: bytes) -> None:
        pieces = [payload[i : i + PAYLOAD_SIZE] for i in range(0, len(payload), PAYLOAD_SIZE)] or [b""]
        if self._size[self._active] // RECORD_SIZE + len(pieces) > RECORDS_PER_FILE:
            self._turn()
        for number, piece in enumerate(pieces):
            flags = (FIRST if number == 0 else 0) | (LAST if number == len(pieces) - 1 else 0)
            self._append(self._active, record.encode(Record(kind, flags, self.sequence, transaction_id, piece)))
            self.sequence += 1
            self._size[self._active] += RECORD_SIZE

    def _turn(self) -> None:
        other = 1 - self._active
        _keep(self._storage.replace, FILES[other], b"")
        self._active = other
        self._size[other] = 0

    def _hold_reserve(self) -> None:
        try:
            held = self._storage.read_at(RESERVE, _RESERVE_SIZE - 1, bytearray(1))
        except OSError:  # no file yet
            held = 0
        if not held:
            _keep(self._storage.replace, RESERVE, bytes(_RESERVE_SIZE))

    def _release_reserve(self) -> None:
        _keep(self._storage.replace, RESERVE, b"")

    def _append(self, index: int, data: bytes) -> None:
        _keep(self._storage.append, FILES[index], data)


def _keep(write: Callable[[str, bytes], None], name: str, content: bytes) -> None:
    try:
        return write(name, content)
    except OSError:
        pass
    raise ReaderFault("storage_full")
