"""The end of a payment: its result is journalled, told and shown, and can be asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ReaderFault
from firmware.flows import reasons
from firmware.flows.payment import Known, remembered
from firmware.flows.result import result
from firmware.screens import telling
from firmware.screens.prompts import DEFAULT, Prompts
from protocol import messages
from protocol.errors import InvalidMessage

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal


def end_payment(terminal: Terminal, payment: Payment, why: str) -> None:
    """`why` is a name of reasons.py."""
    message = _keep(terminal, payment, why)
    payment.ended = True
    inside = payment.interface == "contact" and terminal.drivers.card_reader.card_present()
    if inside:
        terminal.tell(payment, "remove_card")
    terminal.link.post(message)
    _show(terminal, payment, message, inside)


def end_interrupted(terminal: Terminal) -> None:
    """A payment that a power cut interrupted ends now, and never as approved (terminal/T-R22)."""
    begun = terminal.journal.unfinished()
    if begun is None:
        return
    payment = remembered(begun)
    why = "interrupted_while_online" if begun.went_online else "interrupted_before_online"
    terminal.words = Prompts(DEFAULT, payment.kind)
    _show(terminal, payment, _keep(terminal, payment, why), False)


def post_kept(terminal: Terminal, transaction_id: bytes) -> bool:
    """Tell the result of a payment that is over; False when the journal knows of none."""
    kept = terminal.journal.result_of(transaction_id)
    if kept is not None:
        terminal.link.post(messages.decode(kept))
        return True
    begun = terminal.journal.begun(transaction_id)
    if begun is not None:
        payment = remembered(begun)
        terminal.link.post(result(payment, "result_not_kept", terminal.vault))
    return begun is not None


def _keep(terminal: Terminal, payment: Known, why: str) -> dict:
    """Journal the result before anyone hears of it: what is told can be asked again."""
    try:
        message = result(payment, why, terminal.vault)
        encoded = messages.encode(message)
    except (ReaderFault, InvalidMessage):  # no key for the token, or data of the card that no message holds
        payment.transaction = None
        message = result(payment, reasons.broken_off("reader_fault", payment.issuer_approved), terminal.vault)
        encoded = messages.encode(message)
    try:
        terminal.journal.end(payment.transaction_id, encoded)
    except ReaderFault:
        message = result(payment, "result_not_kept", terminal.vault)
    return message


def _show(terminal: Terminal, payment: Known, message: dict, card_inside: bool) -> None:
    """What the cardholder is told follows from the result alone."""
    _, outcome, end, prompt = reasons.row(message["why"])
    notes = [prompt] if prompt != "-" else []
    if outcome == "approved" and message.get("cvm") == "signature":
        notes.append("sign_receipt")
    if end in ("declined", "cancelled"):
        notes.append("nothing_debited")
    telling.ended(terminal.canvas, terminal.words, end, terminal.amount(payment), notes, card_inside)
    terminal.drivers.beeper.lights(0)
    terminal.drivers.beeper.beep("success" if outcome == "approved" else "alert")
    terminal.end_shown()
