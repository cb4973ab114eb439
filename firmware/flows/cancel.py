"""The host gives a payment up (terminal/T-R10). Two phases: this only asks; the result says whether it was too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows.end_payment import post_kept

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def cancel(terminal: Terminal, message: dict) -> None:
    transaction_id = message["transaction_id"]
    if terminal.payment is not None and terminal.payment.transaction_id == transaction_id:
        terminal.payment.cancelled.set()
    elif not post_kept(terminal, transaction_id):
        terminal.link.post({"type": "error", "code": "unknown_transaction", "transaction_id": transaction_id})
