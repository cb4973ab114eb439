"""The host asks for a payment: refused by name, answered from the journal, or begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import ContractRefused, ReaderFault
from firmware.flows.payment import PURCHASE, Known, Payment, remembered
from firmware.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from emv.profile import Profile
    from firmware.terminal import Terminal

_ID_SIZE = const(16)


def accept_payment(terminal: Terminal, message: dict) -> None:
    """A request id names one payment for ever: seen again it is answered, for another amount refused (faults/R-04)."""
    running = terminal.payment
    if running is not None and running.request_id == message["request_id"]:
        _answer(terminal, running, message, _tell_result if running.ended else _accept, "busy")
        return
    begun = terminal.journal.begun(message["request_id"])
    if begun is not None:
        _answer(terminal, remembered(begun), message, _tell_result, "out_of_order")
        return
    if running is not None:
        _refuse(terminal, "busy", running)
        return
    code = refusal(terminal.profile, message) or _before(terminal) or _begin(terminal, message)
    if code:
        terminal.link.post({"type": "error", "code": code, "request_id": message["request_id"]})
    if code == "reader_fault":
        _end_begun(terminal)


def _before(terminal: Terminal) -> str:
    """The payment before has an end, if its journal was too full to hold one: only the last is looked for."""
    begun = terminal.journal.unfinished()
    if begun is None or begun.damaged:
        return ""
    _end_begun(terminal)
    return "reader_fault" if terminal.journal.unfinished() is not None else ""


def _end_begun(terminal: Terminal) -> None:
    """What the journal holds of it, if anything, has an end."""
    from firmware.flows.recover import end_interrupted

    end_interrupted(terminal)


def refusal(profile: Profile, message: dict) -> str:
    """The error code for a payment that no card is asked for, or "". Zero is for a verification, and for it alone."""
    kind, amount, cash = message.get("kind", PURCHASE), message["amount_minor"], message.get("amount_other_minor", 0)
    if (kind != "verification" and not amount) or (kind == "cash_back" and not cash):
        return "amount_zero"
    limit = 0 if kind == "verification" else profile.amount_limit_minor
    if amount > limit or cash > (amount if kind == "cash_back" else 0):
        return "amount_above_limit"
    if message["currency"] != profile.currency:
        return "wrong_currency"
    tip = message.get("tip_minor", 0)
    if 2 * tip > amount:
        return "amount_above_limit"
    tipped = "tips" in message or tip
    misplaced = ("original" in message and kind != "refund") or (tipped and kind != PURCHASE)
    return "not_allowed" if misplaced or ("tips" in message and tip) else ""


def _begin(terminal: Terminal, message: dict) -> str:
    """Mint the transaction id and journal it before the first APDU (terminal/T-D3): "", or why it cannot be.

    What a journal could not keep to its end, and the seal of the day after it, is not begun (faults/R-12).
    """
    if terminal.journal.rotten >= terminal.journal.day_start:  # this day will have no seal
        return "reader_fault"
    if not _has_room(terminal):
        return "journal_full"
    code = Overlay()
    try:
        offline_minor = _permission(terminal, message)
        code.release()
        keys = terminal.vault.open_transaction()
        code.release()
        transaction_id = terminal.drivers.secure_element.random(_ID_SIZE)
        payment = Payment(transaction_id, message["request_id"], message["amount_minor"], message["currency"], keys)
        payment.kind = message.get("kind", PURCHASE)
        payment.amount_other_minor = message.get("amount_other_minor", 0)
        payment.original = message.get("original", b"")
        payment.tips = message.get("tips", [])
        payment.tip_minor = message.get("tip_minor", 0)
        payment.offline_minor = offline_minor
        payment.default_brand = message.get("brand", "")
        payment.by_chip = message.get("interface") == "contact"
        terminal.journal.begin(transaction_id, payment.request())
        if payment.tip_minor:
            terminal.journal.amount(transaction_id, payment.confirmed())
    except ContractRefused as refusal:
        return refusal.why
    except (ReaderFault, MemoryError):
        return "reader_fault"
    _accept(terminal, payment)
    terminal.start(payment)
    return ""


def _has_room(terminal: Terminal) -> bool:
    """What the acquirer has may not have been purged yet: the power failed, or a day was being taken."""
    if not terminal.journal.has_room():
        code = Overlay()
        from firmware.journal.purge import purge

        try:
            purge(terminal.journal)
        except (ReaderFault, OSError, MemoryError):
            pass
        code.release()
    return terminal.journal.has_room()


def _permission(terminal: Terminal, message: dict) -> int:
    from firmware.flows.permission import permission

    return permission(terminal, message)


def _answer(terminal: Terminal, known: Known, message: dict, repeat: Callable, code: str) -> None:
    asked = (message["amount_minor"], message["currency"], message.get("kind", PURCHASE))
    asked += (message.get("amount_other_minor", 0), message.get("original", b""))
    if asked == known.wanted():
        repeat(terminal, known)
    else:
        _refuse(terminal, code, known)


def _refuse(terminal: Terminal, code: str, known: Known) -> None:
    error = {"type": "error", "code": code}
    error.update(known.pending())
    terminal.link.post(error)


def _accept(terminal: Terminal, payment: Known) -> None:
    terminal.tell(payment, "accepted", payment.request_id)


def _tell_result(terminal: Terminal, payment: Known) -> None:
    from firmware.flows.kept import post_kept

    post_kept(terminal, payment.transaction_id)
