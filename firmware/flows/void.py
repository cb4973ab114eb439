"""The merchant cancels a payment before its day is sealed; afterwards a refund is due (terminal/T-R09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows.capture import CAPTURED
from firmware.flows.kept import kept_result

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def void(terminal: Terminal, message: dict) -> None:
    """Repeated: the same result. Another payment that is in progress goes on undisturbed."""
    transaction_id = message["transaction_id"]
    kept = kept_result(terminal, transaction_id)
    if kept is not None and kept["outcome"] == "voided":
        terminal.link.post(kept)
        return
    code = refusal(terminal, transaction_id, kept)
    if kept is None or code:
        terminal.link.post({"type": "error", "code": code, "transaction_id": transaction_id})
        return
    from firmware.flows.change_kept import void_kept

    void_kept(terminal, kept)


def refusal(terminal: Terminal, transaction_id: bytes, kept: dict | None) -> str:
    """Why what is kept of a payment cannot be cancelled: an error code, or ""."""
    if kept is None:
        running = terminal.payment is not None and terminal.payment.transaction_id == transaction_id
        begun = running or terminal.journal.begun(transaction_id) is not None
        return "not_approved" if begun else "unknown_transaction"
    kind = kept.get("kind", "purchase")
    if kept["outcome"] != "approved" or kind not in CAPTURED + ("preauthorisation",):
        return "not_approved"
    reserved = kind == "preauthorisation" and kept["why"] != "completed"  # no line of any day
    return "day_closed" if not reserved and terminal.journal.is_sealed(transaction_id) else ""
