"""The host wants a challenge signed by a card (EMV-CAP): refused by name, or begun. Nothing of it is journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.flows.signing import Signing

if TYPE_CHECKING:
    from firmware.terminal import Terminal

_ID_SIZE = const(16)


def sign_with_card(terminal: Terminal, message: dict) -> None:
    """Never beside a payment, whose card would sign what its holder takes for the amount (attacks/P-02)."""
    running = terminal.payment
    if running is None:
        error = {"type": "error", "code": _refusal(terminal, message), "request_id": message["request_id"]}
    elif (running.request_id, running.challenge) == (message["request_id"], message["challenge"]):
        terminal.tell(running, "accepted", running.request_id)
        return
    else:
        error = {"type": "error", "code": "busy"}
        error.update(running.pending())
    if error["code"]:
        terminal.link.post(error)
        return
    transaction_id = terminal.drivers.secure_element.random(_ID_SIZE)
    amount, currency = message.get("amount_minor", 0), terminal.profile.currency
    signing = Signing(transaction_id, message["request_id"], amount, currency, message["challenge"])
    terminal.tell(signing, "accepted", signing.request_id)
    terminal.start(signing)


def _refusal(terminal: Terminal, message: dict) -> str:
    if not all("0" <= digit <= "9" for digit in message["challenge"]):
        return "challenge_malformed"
    return "amount_above_limit" if message.get("amount_minor", 0) > terminal.profile.amount_limit_minor else ""
