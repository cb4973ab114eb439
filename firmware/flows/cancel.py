"""The host gives a payment up (terminal/T-R10). Two phases: this only asks; the result says whether it was too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows.kept import post_kept

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def cancel(terminal: Terminal, message: dict) -> None:
    transaction_id, running = message["transaction_id"], terminal.payment
    if running is not None and not running.ended and running.transaction_id == transaction_id:
        running.cancelled.set()
    elif not post_kept(terminal, transaction_id):
        terminal.link.post({"type": "error", "code": "unknown_transaction", "transaction_id": transaction_id})
