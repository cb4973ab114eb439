"""The cardholder chooses the application, and with it the brand, on the card (Book 1, 12.4; IFR article 8(6))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import Abandoned
from firmware.flows.waiting import answer, card_gone
from firmware.screens import asking

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

CHOICE_TIMEOUT_MS = 30_000


async def ask_choice(terminal: Terminal, payment: Payment, candidates: list[tuple[bytes, str]]) -> int:
    """The index of the application chosen. Raises Abandoned, or CardRemoved."""
    waits = [_choice(terminal, payment, [label for _, label in candidates])] + card_gone(terminal, payment)
    return await answer(payment, waits, CHOICE_TIMEOUT_MS, "choice_timeout")


async def _choice(terminal: Terminal, payment: Payment, labels: list[str]) -> int:
    page = 0
    terminal.drivers.keypad.flush()
    while True:
        shown = labels[page : page + asking.CHOICES]
        more = len(labels) > asking.CHOICES
        asking.choose_application(terminal.canvas, terminal.words, terminal.amount(payment), shown, more)
        key = await terminal.drivers.keypad.key()
        terminal.drivers.beeper.beep("key")
        if key == "CANCEL":
            raise Abandoned("cardholder_cancelled")
        if key.isdigit() and 1 <= int(key) <= len(shown):
            return page + int(key) - 1
        if key == "OK" and more:
            page = page + asking.CHOICES if page + asking.CHOICES < len(labels) else 0
