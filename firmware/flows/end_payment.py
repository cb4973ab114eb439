"""The end of a payment: its result is journalled, told, kept by the host too, and shown, in that order (R-01)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ReaderFault
from firmware.flows import reasons
from firmware.flows.payment import Payment
from firmware.flows.result import result
from firmware.flows.show_result import show_result
from firmware.local_time import taken_at
from firmware.screens import telling
from firmware.screens.prompts import DEFAULT
from protocol import messages
from protocol.errors import InvalidMessage

if TYPE_CHECKING:
    from firmware.flows.payment import Known
    from firmware.terminal import Terminal

KEPT_TIMEOUT_MS = 3_000
_LOOK_MS = const(100)  # at the link, whether it is gone


async def end_payment(terminal: Terminal, payment: Payment, why: str) -> None:
    """`why` is a name of reasons.py. May be called again when memory failed: what is journalled is the end."""
    message = _kept_before(terminal, payment) or keep(terminal, payment, why)
    inside = payment.interface == "contact" and terminal.drivers.card_reader.card_present()
    if inside:
        terminal.tell(payment, "remove_card")
    if message["outcome"] == "approved":
        telling.wait(terminal.canvas, terminal.words, terminal.amount(payment), "recording", inside)
        kept = await _until_kept(terminal, message)
        if kept is None:
            message = _kept_before(terminal, payment) or message
        elif "programme" in kept:
            terminal.offer = kept
    else:
        terminal.link.post(message)
    payment.is_over = True
    show_result(terminal, message, inside)


def keep(terminal: Terminal, payment: Known, why: str) -> dict:
    """Journal the result before anyone hears of it: what is told can be asked again."""
    try:
        message = _result(terminal, payment, why)
        encoded = messages.encode(message)
    except (ReaderFault, InvalidMessage):  # a key is missing, or data of the card that no message holds
        payment.transaction = None
        message = _result(terminal, payment, reasons.broken_off("reader_fault", payment.issuer_approved))
        encoded = messages.encode(message)
    payment.ended = True
    try:
        terminal.journal.end(payment.transaction_id, encoded)
    except ReaderFault:
        message = result(payment, "result_not_kept", terminal.vault)
    return message


def _result(terminal: Terminal, payment: Known, why: str) -> dict:
    message = result(payment, why, terminal.vault)
    message["taken_at"] = taken_at(terminal.drivers.clock)
    if terminal.words.language != DEFAULT:
        message["language"] = terminal.words.language
    if isinstance(payment, Payment) and message["outcome"] == "approved":
        from firmware.flows.capture import seal

        seal(payment, message)
    return message


def _kept_before(terminal: Terminal, payment: Payment) -> dict | None:
    """The merchant may have cancelled it while the host's copy was waited for."""
    kept = terminal.journal.result_of(payment.transaction_id) if payment.ended else None
    return messages.decode(kept) if kept is not None else None


async def _until_kept(terminal: Terminal, message: dict) -> dict | None:
    """The host has its copy of the capture record; None from one that is gone, or takes too long: it asks for what it
    lacks."""
    from firmware.flows.waiting import first_of

    kept = terminal.link.ask(message, "kept", KEPT_TIMEOUT_MS)
    _, answer = await first_of([kept, _link_gone(terminal)], KEPT_TIMEOUT_MS)
    return answer


async def _link_gone(terminal: Terminal) -> None:
    while terminal.link.connected:
        await asyncio.sleep(_LOOK_MS / 1000)
