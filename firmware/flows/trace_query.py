"""Why the last payment was decided as it was: one part of its trace (flows/trace.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def trace_query(terminal: Terminal, message: dict) -> None:
    """Of the last payment only, and after its result: another one is an unknown transaction."""
    trace = terminal.trace
    transaction_id = message["transaction_id"]
    part = trace.part(message["part"]) if trace is not None and trace.transaction_id == transaction_id else None
    if part is None:
        part = {"type": "error", "code": "unknown_transaction", "transaction_id": transaction_id}
    terminal.link.post(part)
