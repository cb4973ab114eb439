"""Makes room: whole segments go, of days that the acquirer has and whose acknowledgement is durable.

A pre-authorisation that is neither completed nor given up is written again first. Loaded in the evening only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.journal.day import entries
from firmware.journal.record import ACKNOWLEDGED, BEGUN, ENDED
from firmware.journal.survey import survey
from protocol import messages

if TYPE_CHECKING:
    from firmware.journal.journal import Journal

_KEPT = const(2)  # of this part of a segment before the last acknowledged seal the host may still ask


def acknowledged(journal: Journal) -> int:
    """The number of the last day that was; 0 for none."""
    place = journal.find((ACKNOWLEDGED,))
    part = journal.record(place) if place >= 0 else None
    return int.from_bytes(part.transaction_id[:4], "big") if part is not None else 0


def purge(journal: Journal) -> None:
    """Raises ReaderFault storage_full or OSError; what was not purged then is purged the next time."""
    limit = (journal.seal_place(acknowledged(journal)) - journal.records // _KEPT) // journal.records * journal.records
    if limit <= journal.first:
        return
    for transaction_id in _still_open(journal, limit):
        begun, result = journal.begun(transaction_id), journal.result_of(transaction_id)
        if begun is not None and result is not None:
            journal.carry(begun, result)
    while journal.first < limit:
        journal.storage.remove(journal.segment(journal.first))
        journal.first += journal.records
    survey(journal)


def _still_open(journal: Journal, limit: int) -> list[bytes]:
    """Pre-authorisations that can be completed yet, and of whose newest copy something lies before the limit."""
    begun = (b"", 0)
    still_open: dict[bytes, int] = {}  # transaction id -> where its newest copy begins
    for part, payload in entries(journal, journal.first, journal.sequence):
        name = part.transaction_id
        if part.kind == BEGUN:
            begun = (name, part.sequence)
        elif part.kind != ENDED:
            still_open.pop(name, None)
        elif _is_preauthorisation(payload):
            still_open[name] = begun[1] if begun[0] == name else 0
    return [name for name in still_open if still_open[name] < limit]


def _is_preauthorisation(result: bytes) -> bool:
    message = messages.decode(result)
    return message["outcome"] == "approved" and message.get("kind") == "preauthorisation"
