"""Before a card signs: its holder sees what, says OK, and inserts it. The PIN comes after (attacks/P-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows import ask_card
from firmware.screens import asking, signature

if TYPE_CHECKING:
    from firmware.flows.signing import Signing
    from firmware.terminal import Terminal


async def ask_signature(terminal: Terminal, signing: Signing) -> None:
    """Raises Abandoned."""
    terminal.drivers.keypad.flush()
    amount = terminal.money(signing.amount_minor, signing.currency)
    signature.confirm(terminal.canvas, terminal.words, signing.challenge, amount)
    await ask_card.confirmed(terminal, signing)
    while not signing.interface:  # several cards came, and are gone
        asking.present_card(terminal.canvas, terminal.words, terminal.amount(signing), False, "insert_card", [], -1)
        signing.interface = await ask_card.for_chip(terminal, signing)
