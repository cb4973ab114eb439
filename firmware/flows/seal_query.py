"""What is under a seal, in parts that fit a message: until the day is acknowledged, and perhaps longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ReaderFault
from firmware.journal.day import LINE, Day, bounds
from protocol import messages

if TYPE_CHECKING:
    from firmware.terminal import Terminal

_LINES = const(27)  # of a part


def seal_query(terminal: Terminal, message: dict) -> None:
    number, part = message["number"], message["part"]
    sealed = terminal.journal.sealed(number)
    start_end = bounds(terminal.journal, number)
    parts = (messages.decode(sealed)["count"] + _LINES - 1) // _LINES or 1 if sealed is not None else 0
    if start_end is None or part >= parts:
        terminal.link.post({"type": "error", "code": "wrong_seal"})
        return
    try:
        data = _lines(Day(terminal.journal, number, *start_end), part * _LINES)
    except ReaderFault:  # a record of the day is rotten
        terminal.link.post({"type": "error", "code": "reader_fault"})
        return
    terminal.link.post({"type": "seal_lines", "number": number, "part": part, "parts": parts, "data": data})


def _lines(day: Day, first: int) -> bytes:
    data = bytearray()
    for place, line in enumerate(day.lines()):
        if first <= place < first + _LINES:
            data.extend(line)
        if len(data) == _LINES * LINE:
            break
    return bytes(data)
