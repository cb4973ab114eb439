"""What is kept of a payment is changed: journalled first, then told, then shown unless a payment has the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from protocol import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware.terminal import Terminal

_CAPTURE = ("ksn", "sealed_card", "mac", "mac_ksn")


def void_kept(terminal: Terminal, kept: dict) -> None:
    """What it was stays known; what it would have been captured by does not."""
    voided = {field: kept[field] for field in kept if field not in _CAPTURE}
    voided["outcome"] = "voided"
    voided["why"] = "voided_by_merchant"
    change_kept(terminal, terminal.journal.void, voided)


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
