"""Why the last payment was decided as it was: one part of its trace (flows/trace.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def trace_query(terminal: Terminal, message: dict) -> None:
    """Of the last payment only, and after its result: another one is an unknown transaction."""
    transaction_id = message["transaction_id"]
    number = message["part"]
    of, parts = terminal.trace or (b"", [])
    if of != transaction_id or number >= len(parts):
        terminal.link.post({"type": "error", "code": "unknown_transaction", "transaction_id": transaction_id})
        return
    part = {"type": "trace", "transaction_id": transaction_id, "part": number, "parts": len(parts)}
    part["data"] = parts[number]
    terminal.link.post(part)
