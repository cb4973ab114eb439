"""The card signs a challenge (EMV-CAP): its holder sees it and says OK, inserts the card, and types the PIN.

In that order: a PIN is for what its holder has seen (attacks/P-02), and the words say that it signs and does not pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import cap
from emv.action import Finish
from emv.constant import const
from emv.kernel import flow
from firmware.flows import ask_card, reasons
from firmware.flows.take_payment import reply_to
from firmware.screens import asking, signature, telling
from firmware.screens.prompts import DEFAULT

if TYPE_CHECKING:
    from firmware.flows.signing import Signing
    from firmware.terminal import Terminal

_MOST_DIGITS = const(12)  # more than anybody copies: a card's own bitmap says how many
_MOST_SIGNED = const(43)  # 9F27, 9F36, 9F26 and the longest 9F10


async def sign(terminal: Terminal, signing: Signing) -> str:
    """A name of reasons.py; with "card_signed" the signing has its response. Raises ReaderError."""
    terminal.speak(DEFAULT)
    terminal.drivers.keypad.flush()
    amount = terminal.money(signing.amount_minor, signing.currency)
    signature.confirm(terminal.canvas, terminal.words, signing.challenge, amount)
    await ask_card.confirmed(terminal, signing)
    while not signing.interface:  # several cards came, and are gone
        asking.present_card(terminal.canvas, terminal.words, terminal.amount(signing), False, "insert_card", [], -1)
        signing.interface = await ask_card.for_chip(terminal, signing)
    terminal.tell(signing, "card_presented")
    telling.wait(terminal.canvas, terminal.words, terminal.amount(signing), "wait", True)
    transaction = cap.CapTransaction(terminal.profile.applications, signing.challenge, signing.amount_minor)
    signing.begin_try(transaction)
    transaction.frugal = True
    action = cap.begin(transaction)
    while not isinstance(action, Finish):
        action = flow.advance(transaction, await reply_to(terminal, signing, action))
    if action.outcome.name != "approved":
        return reasons.of_outcome(action.outcome.name, signing)
    return _take_response(signing, transaction)


def _take_response(signing: Signing, transaction: cap.CapTransaction) -> str:
    from emv.cap import token

    digits = token.response(transaction)
    if len(digits) > _MOST_DIGITS or len(transaction.signed) > _MOST_SIGNED:
        return "card_not_accepted"
    signing.response = digits
    signing.signed = transaction.signed
    return "card_signed"
