"""What the journal remembers between two power cuts is read from its segments (faults/LFS-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.checked import proven
from firmware.journal import record
from firmware.journal.journal import FILTER_BITS, MARK, remember
from firmware.journal.record import BEGUN, LAST, RECORD_SIZE, SEALED

if TYPE_CHECKING:
    from firmware.journal.journal import Journal

_PREFIX = "journal."


def survey(journal: Journal) -> None:
    """Each record is read once."""
    numbers = _segments(journal)
    if numbers:
        journal.first = min(numbers) * journal.records
        journal.sequence = max(numbers) * journal.records
        close_tail(journal)
    _stand_in_for_lost(journal)
    requests = bytearray(FILTER_BITS // 8)
    damaged, rotten, sealed = 0, -1, -1
    for place in range(journal.first, journal.sequence):
        part = journal.record(place)
        if part is None and not journal.is_torn(place):
            damaged, rotten = damaged + 1, place
        elif part is not None and part.kind == BEGUN:
            remember(requests, part.payload[:8])
        elif part is not None and part.kind == SEALED and part.flags & LAST:
            sealed = place
            journal.number = int.from_bytes(part.transaction_id[:4], "big") + 1
    journal.requests, journal.damaged, journal.rotten, journal.day_start = requests, damaged, rotten, sealed + 1


def close_tail(journal: Journal) -> None:
    """Find the end of the newest segment; a torn record there is made whole, so that the next one has its place."""
    name = journal.segment(journal.sequence)
    place = journal.sequence % journal.records
    buffer = bytearray(RECORD_SIZE)
    count = _read(journal, name, place, buffer)
    while count == RECORD_SIZE:
        place += 1
        count = _read(journal, name, place, buffer)
    if count:
        try:
            journal.storage.append(name, record.closing(bytes(buffer[:count])))
            place += 1
        except OSError:  # full: tried again before anything is written
            pass
    journal.sequence += place - journal.sequence % journal.records


def _stand_in_for_lost(journal: Journal) -> None:
    """Records that were there once get empty ones in their places, which count as rotten: no place comes back."""
    mark = int.from_bytes(proven(journal.storage.read(MARK)), "big")
    if journal.sequence < mark:  # of whole segments the absence is enough
        journal.sequence = max(journal.sequence, mark // journal.records * journal.records)
    while journal.sequence < mark:
        journal.storage.append(journal.segment(journal.sequence), bytes(RECORD_SIZE))
        journal.sequence += 1


def _segments(journal: Journal) -> list[int]:
    names = journal.storage.names()
    return [int(name[len(_PREFIX) :]) for name in names if name.startswith(_PREFIX) and name[len(_PREFIX) :].isdigit()]


def _read(journal: Journal, name: str, place: int, buffer: bytearray) -> int:
    if place >= journal.records:
        return 0
    try:
        return journal.storage.read_at(name, place * RECORD_SIZE, buffer)
    except OSError:  # no file yet
        return 0
