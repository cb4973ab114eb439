"""The card signs a challenge (EMV-CAP). The order is the kernel's; the screens say that nothing is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.overlay import Overlay
from firmware.screens import telling
from firmware.screens.prompts import DEFAULT

if TYPE_CHECKING:
    from emv.cap import CapTransaction
    from firmware.flows.signing import Signing
    from firmware.terminal import Terminal

_MOST_DIGITS = const(12)  # more than anybody copies: a card's own bitmap says how many
_MOST_SIGNED = const(43)  # 9F27, 9F36, 9F26 and the longest 9F10


async def sign(terminal: Terminal, signing: Signing) -> str:
    """A name of reasons.py; with "card_signed" the signing has its response. Raises ReaderError."""
    terminal.speak(DEFAULT)
    await _ask(terminal, signing)
    terminal.tell(signing, "card_presented")
    telling.wait(terminal.canvas, terminal.words, terminal.amount(signing), "wait", True)
    return await _run_kernel(terminal, signing)


async def _ask(terminal: Terminal, signing: Signing) -> None:
    code = Overlay()
    from firmware.flows.ask_signature import ask_signature

    await ask_signature(terminal, signing)
    code.release()


async def _run_kernel(terminal: Terminal, signing: Signing) -> str:
    from emv import cap
    from emv.action import Finish
    from emv.kernel import flow
    from firmware.flows.take_payment import reply_to

    transaction = cap.CapTransaction(terminal.profile.applications, signing.challenge, signing.amount_minor)
    signing.begin_try(transaction)
    transaction.frugal = True
    action = cap.begin(transaction)
    while not isinstance(action, Finish):
        action = flow.advance(transaction, await reply_to(terminal, signing, action))
    flow.release()
    return (
        _take_response(signing, transaction)
        if action.outcome.name == "approved"
        else _why(signing, action.outcome.name)
    )


def _take_response(signing: Signing, transaction: CapTransaction) -> str:
    from emv.cap import token

    digits = token.response(transaction)
    if len(digits) > _MOST_DIGITS or len(transaction.signed) > _MOST_SIGNED:
        return "card_not_accepted"
    signing.response = digits
    signing.signed = transaction.signed
    return "card_signed"


def _why(signing: Signing, outcome: str) -> str:
    from firmware.flows import reasons

    return reasons.of_outcome(outcome, signing)
