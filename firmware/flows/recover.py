"""After each start: a payment that a power cut interrupted ends, and the screen says what became of the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows.payment import remembered
from firmware.flows.result import result
from firmware.flows.show_result import recall_result
from protocol import messages

if TYPE_CHECKING:
    from firmware.journal.journal import Begun
    from firmware.terminal import Terminal


def recover(terminal: Terminal) -> None:
    if end_interrupted(terminal):
        return
    last = terminal.journal.last_result()
    if last is not None:
        recall_result(terminal, messages.decode(last))


def end_interrupted(terminal: Terminal) -> bool:
    """Was there one? A host that is there hears of it."""
    begun = terminal.journal.unfinished()
    if begun is None:
        return False
    message = _unknown(terminal, begun) if begun.damaged else _end(terminal, begun)
    terminal.link.post(message)
    recall_result(terminal, message)
    return True


def _unknown(terminal: Terminal, begun: Begun) -> dict:
    """Its end may have been kept, and rotted: nobody can say (faults/R-12)."""
    return result(remembered(begun), "result_not_kept", terminal.vault)


def _end(terminal: Terminal, begun: Begun) -> dict:
    """Never as approved: that would have been kept (terminal/T-R22). What the acquirer holds, the host gives back."""
    from firmware.flows.end_payment import keep

    why = "interrupted_while_online" if begun.went_online else "interrupted_before_online"
    return keep(terminal, remembered(begun), why)
