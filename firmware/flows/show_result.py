"""The end of a payment on the screen: what the cardholder and the merchant are told follows from the result alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.flows import reasons
from firmware.screens import telling
from firmware.screens.prompts import DEFAULT, Prompts

if TYPE_CHECKING:
    from firmware.terminal import Terminal

_RECALLED_MS = const(60_000)


def show_result(terminal: Terminal, message: dict, card_inside: bool) -> None:
    _, outcome, end, _ = reasons.row(message["why"])
    amount = terminal.money(message["amount_minor"], message["currency"])
    telling.ended(terminal.canvas, terminal.words, end, amount, _notes(message), card_inside)
    terminal.drivers.beeper.lights(0)
    terminal.drivers.beeper.beep("success" if outcome == "approved" else "alert")
    terminal.end_shown()


def recall_result(terminal: Terminal, message: dict) -> None:
    """What became of the last payment, after a start or when it was changed: perhaps nobody is there."""
    from firmware.screens import last_payment

    terminal.words = Prompts(DEFAULT, "purchase" if message["why"] == "completed" else message.get("kind", "purchase"))
    amount = terminal.money(message["amount_minor"], message["currency"])
    end = reasons.row(message["why"])[2]
    last_payment.recall(terminal.canvas, terminal.words, end, amount, _notes(message))
    terminal.end_shown(_RECALLED_MS)


def _notes(message: dict) -> list[str]:
    """Prompts, the most important first."""
    end, prompt = reasons.row(message["why"])[2:]
    notes = [prompt] if prompt != "-" else []
    if end in ("declined", "cancelled"):
        notes.append("nothing_debited")
    return notes
