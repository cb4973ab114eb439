"""What is kept of a payment is changed: journalled first, then told, then shown unless a payment has the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from firmware.flows.capture import voided
from protocol import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware.terminal import Terminal


def void_kept(terminal: Terminal, kept: dict) -> None:
    change_kept(terminal, terminal.journal.void, voided(kept))


def change_kept(terminal: Terminal, write: Callable[[bytes, bytes], None], message: dict) -> None:
    """`write` is of the journal: transaction id, result."""
    transaction_id = message["transaction_id"]
    try:
        write(transaction_id, messages.encode(message))
    except ReaderFault:
        terminal.link.post({"type": "error", "code": "reader_fault", "transaction_id": transaction_id})
        return
    terminal.link.post(message)
    if terminal.payment is None:
        from firmware.flows.show_result import recall_result

        recall_result(terminal, message)
