"""What the journal keeps of a payment that is over is told again, as often as it is asked (terminal/T-R20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol import messages

if TYPE_CHECKING:
    from firmware.terminal import Terminal


def kept_result(terminal: Terminal, transaction_id: bytes) -> dict | None:
    """The latest: of its end, its cancellation or its completion. None when the journal knows of none."""
    kept = terminal.journal.result_of(transaction_id)
    return messages.decode(kept) if kept is not None else None


def post_kept(terminal: Terminal, transaction_id: bytes) -> bool:
    """False when the journal knows of no such payment; of one whose end it could not hold, the result is unknown."""
    message = kept_result(terminal, transaction_id)
    if message is None:
        begun = terminal.journal.begun(transaction_id)
        if begun is None:
            return False
        from firmware.flows.payment import remembered
        from firmware.flows.result import result

        message = result(remembered(begun), "result_not_kept", terminal.vault)
    terminal.link.post(message)
    return True
