"""What became of a payment, by transaction id or request id: always answered (terminal/T-R20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows.kept import post_kept

if TYPE_CHECKING:
    from firmware.terminal import Terminal

IDS = ("transaction_id", "request_id")


def status_query(terminal: Terminal, message: dict) -> None:
    asked = {}
    for field in IDS:
        if field in message:
            asked[field] = message[field]
    running = terminal.payment
    if running is not None and not running.ended and _names(running.pending(), asked):
        status = {"type": "status", "state": "in_progress"}
        for field in IDS:
            status[field] = running.pending()[field]
    else:
        transaction_id = _transaction_id(terminal, asked)
        if transaction_id and post_kept(terminal, transaction_id):
            return
        status = {"type": "status", "state": "not_found"}
        status.update(asked)
    terminal.link.post(status)


def _names(pending: dict, asked: dict) -> bool:
    """Is every id that was asked for that of the payment in progress?"""
    for field in asked:
        if asked[field] != pending[field]:
            return False
    return bool(asked)


def _transaction_id(terminal: Terminal, asked: dict) -> bytes:
    if "transaction_id" in asked or "request_id" not in asked:
        return asked.get("transaction_id", b"")
    begun = terminal.journal.begun(asked["request_id"])
    return begun.transaction_id if begun is not None else b""
