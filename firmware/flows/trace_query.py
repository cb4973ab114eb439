"""Why the last payment was decided as it was: its trace (flows/trace.py), cut into parts that fit a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const

if TYPE_CHECKING:
    from firmware.terminal import Terminal

_PART = const(900)


def trace_query(terminal: Terminal, message: dict) -> None:
    """Of the last payment only, and after its result: another one is an unknown transaction."""
    transaction_id = message["transaction_id"]
    number = message["part"]
    of, data = terminal.trace or (b"", b"")
    parts = (len(data) + _PART - 1) // _PART
    if of != transaction_id or number >= parts:
        terminal.link.post({"type": "error", "code": "unknown_transaction", "transaction_id": transaction_id})
        return
    part = {"type": "trace", "transaction_id": transaction_id, "part": number, "parts": parts}
    part["data"] = data[number * _PART : (number + 1) * _PART]
    terminal.link.post(part)
