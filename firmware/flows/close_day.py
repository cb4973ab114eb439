"""The host closes the journal's day (terminal/T-R25). A payment in progress belongs to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from firmware.journal.day import Day, bounds
from protocol import messages

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def close_day(terminal: Terminal, message: dict) -> None:
    """The number of a day that is closed: the same seal again, whatever date comes with it."""
    journal, number = terminal.journal, message["number"]
    try:
        if number == journal.number:
            _close(terminal, message["business_date"])
    except ReaderFault:  # no keys, no room, or a day that is not whole: better no seal than a wrong one
        terminal.link.post({"type": "error", "code": "reader_fault"})
        return
    sealed = journal.sealed(number)
    terminal.link.post(messages.decode(sealed) if sealed is not None else {"type": "error", "code": "wrong_seal"})


def _close(terminal: Terminal, business_date: int) -> None:
    journal = terminal.journal
    start_end = bounds(journal, journal.number)
    if start_end is None:
        raise ReaderFault("journal_damaged")
    seal = Day(journal, journal.number, *start_end).seal(business_date)
    keys = terminal.vault.open_transaction()
    seal["ksn"] = keys.ksn
    seal["mac"] = keys.seal_mac(terminal.drivers.serial_number, seal["hash"])
    keys.wipe()
    journal.seal(messages.encode(seal))
