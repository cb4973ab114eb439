"""The acquirer has a day: it may be purged, but only once this is durable (faults/I3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from firmware.journal.purge import acknowledged, purge
from protocol import messages

if TYPE_CHECKING:
    from firmware.journal.journal import Journal
    from firmware.terminal import Terminal


def acknowledge(terminal: Terminal, message: dict) -> None:
    """Days are acknowledged in their order, each as often as the host asks for it."""
    journal, number, digest = terminal.journal, message["number"], message["hash"]
    before = acknowledged(journal)
    if number > before + 1 or not _is_hash_of(journal, number, digest, before):
        terminal.link.post({"type": "error", "code": "wrong_seal"})
        return
    try:
        if number == before + 1:
            journal.acknowledge(number, digest)
    except ReaderFault:
        terminal.link.post({"type": "error", "code": "reader_fault"})
        return
    try:
        purge(journal)
    except (ReaderFault, OSError):  # no room to carry a pre-authorisation over: the next time
        pass
    terminal.link.post({"type": "acknowledged", "number": number, "hash": digest})


def _is_hash_of(journal: Journal, number: int, digest: bytes, before: int) -> bool:
    """Of a day that was acknowledged and purged nothing is known any more, and nothing can be lost."""
    sealed = journal.sealed(number)
    if sealed is None:
        return 0 < number <= before
    return messages.decode(sealed)["hash"] == digest
