"""Some storage that is given up when there is no other, so that a payment that could begin can also end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ReaderFault

if TYPE_CHECKING:
    from firmware.drivers.storage import Storage

NAME = "journal.reserve"
_PIECE = const(1024)
_PIECES = const(12)  # three blocks of 4 KiB: the end of a segment, the beginning of the next, their folder


def hold(storage: Storage) -> None:
    """Raises ReaderFault storage_full."""
    try:
        for _ in range(_held(storage), _PIECES):
            storage.append(NAME, bytes(_PIECE))
        return
    except OSError:
        pass
    raise ReaderFault("storage_full")


def give_up(storage: Storage) -> None:
    try:
        storage.remove(NAME)
    except OSError:  # it was never held, or is given up already
        pass


def _held(storage: Storage) -> int:
    """Pieces: a power cut may have come between two."""
    buffer = bytearray(1)
    pieces = 0
    try:
        while storage.read_at(NAME, (pieces + 1) * _PIECE - 1, buffer):
            pieces += 1
    except OSError:  # no file yet
        pass
    return pieces
