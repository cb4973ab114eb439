"""Before the card: the cardholder adds a tip, or none, sees the total and confirms it (terminal/T-R06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import Abandoned
from firmware.flows import tips
from firmware.flows.waiting import answer
from firmware.screens import tipping
from firmware.screens.prompts import Prompts

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

CHOICE_TIMEOUT_MS = 60_000


async def ask_tip(terminal: Terminal, payment: Payment) -> None:
    """The amount of the payment becomes the total, which is journalled. Raises Abandoned, and ReaderFault."""
    tip_minor = await answer(payment, [_tip(terminal, payment)], CHOICE_TIMEOUT_MS, "choice_timeout")
    if tip_minor:
        payment.tip_minor = tip_minor
        payment.amount_minor += tip_minor
        terminal.journal.amount(payment.transaction_id, payment.confirmed())


async def _tip(terminal: Terminal, payment: Payment) -> int:
    words = Prompts(terminal.words.language, "tip")
    terminal.drivers.keypad.flush()
    while True:
        tip_minor = await _choice(terminal, payment, words)
        if not tip_minor or await _confirmed(terminal, payment, words, tip_minor):
            return tip_minor


async def _choice(terminal: Terminal, payment: Payment, words: Prompts) -> int:
    """0 for none."""
    rows = tips.offered(payment.amount_minor, payment.tips, terminal.profile.amount_limit_minor)
    shown = [("%d %%" % percent, terminal.money(tip_minor, payment.currency)) for percent, tip_minor in rows]
    while True:
        tipping.choose(terminal.canvas, words, terminal.amount(payment), shown + [(words["other"], "")])
        key = await _key(terminal)
        if key == "OK":
            return 0
        if key.isdigit() and 1 <= int(key) <= len(rows):
            return rows[int(key) - 1][1]
        if key.isdigit() and int(key) == len(rows) + 1:
            tip_minor = await _typed(terminal, payment, words)
            if tip_minor:
                return tip_minor


async def _typed(terminal: Terminal, payment: Payment, words: Prompts) -> int:
    """Digit by digit from the right, as at a till; 0 goes back."""
    most = tips.most_minor(payment.amount_minor, terminal.profile.amount_limit_minor)
    typed = 0
    while True:
        shown = terminal.money(typed, payment.currency) or "–"
        note = words["most"].format(terminal.money(most, payment.currency)) if typed > most else ""
        tipping.enter(terminal.canvas, words, terminal.amount(payment), shown, note)
        key = await _key(terminal)
        if key == "OK" and typed <= most:
            return typed
        if key == "CLEAR":
            typed //= 10
        elif key.isdigit() and typed <= most:
            typed = typed * 10 + int(key)


async def _confirmed(terminal: Terminal, payment: Payment, words: Prompts, tip_minor: int) -> bool:
    """False to choose again."""
    total = terminal.money(payment.amount_minor + tip_minor, payment.currency)
    tipping.confirm(terminal.canvas, words, total, terminal.money(tip_minor, payment.currency))
    while True:
        key = await _key(terminal)
        if key in ("OK", "CLEAR"):
            return key == "OK"


async def _key(terminal: Terminal) -> str:
    """Raises Abandoned by CANCEL."""
    key = await terminal.drivers.keypad.key()
    if key == "CANCEL":
        raise Abandoned("cardholder_cancelled")
    terminal.drivers.beeper.beep("key")
    return key
