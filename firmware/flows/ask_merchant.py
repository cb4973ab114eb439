"""The merchant decides: whether signatures are alike (Book 4, 6.3.4.4), whether a part of the amount is enough.

The card is done with. Who says nothing in a minute says no, and so does who cancels: the merchant, or the cardholder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import Abandoned
from firmware.flows import tips
from firmware.flows.payment import PARTIAL
from firmware.flows.waiting import first_of
from firmware.screens import merchant
from firmware.screens.prompts import Prompts

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

ANSWER_TIMEOUT_MS = 60_000


async def ask_merchant(terminal: Terminal, payment: Payment) -> None:
    """Whatever has to be asked. Raises Abandoned partial_refused or signature_refused, and ReaderFault."""
    if payment.response_code == PARTIAL and payment.answer is not None:
        await _confirm_part(terminal, payment, payment.answer["authorised_minor"])
    if payment.cvm == "signature" and not await _accepts(terminal, payment, "signature", payment.amount_minor):
        raise Abandoned("signature_refused")


async def _confirm_part(terminal: Terminal, payment: Payment, authorised_minor: int) -> None:
    """Journalled before the end: what counts is what was shown and accepted (terminal/T-R07)."""
    if not await _accepts(terminal, payment, "partial_amount", authorised_minor):
        raise Abandoned("partial_refused")
    payment.tip_minor = tips.cut(payment.amount_minor, payment.tip_minor, authorised_minor)
    payment.amount_minor = payment.authorised_minor = authorised_minor
    terminal.journal.amount(payment.transaction_id, payment.confirmed())


async def _accepts(terminal: Terminal, payment: Payment, what: str, amount_minor: int) -> bool:
    """`what` of the protocol. Asked again of a host that comes back; the amount is on the screen meanwhile."""
    words = Prompts(terminal.words.language, "merchant")
    inside = payment.interface == "contact" and terminal.drivers.card_reader.card_present()
    merchant.ask(terminal.canvas, words, what, terminal.money(amount_minor, payment.currency), inside)
    question = {
        "type": "confirmation_request",
        "transaction_id": payment.transaction_id,
        "what": what,
        "amount_minor": amount_minor,
    }
    terminal.drivers.keypad.flush()
    waits = [
        terminal.link.ask(question, "confirmation", ANSWER_TIMEOUT_MS),
        _cancel(terminal),
        payment.cancelled.wait(),
    ]
    index, answer = await first_of(waits, ANSWER_TIMEOUT_MS)
    return index == 0 and answer is not None and answer["accepted"] == "yes"


async def _cancel(terminal: Terminal) -> None:
    while await terminal.drivers.keypad.key() != "CANCEL":
        pass
