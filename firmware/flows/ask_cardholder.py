"""What the cardholder is asked beside the card: a choice, a PIN. Each wait has a deadline and hears CANCEL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import Abandoned, CardRemoved
from firmware.flows import card
from firmware.flows.waiting import answer
from firmware.screens import asking, telling
from firmware.secure.card_data import pan
from firmware.secure.pin_entry import enter_pin
from firmware.secure.verify import verify

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from emv.action import PinEntry
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

CHOICE_TIMEOUT_MS = 30_000
PIN_TIMEOUT_MS = 70_000  # enter_pin has its own, shorter ones
_PIN_WRONG = const(0x63)


async def to_choose(terminal: Terminal, payment: Payment, candidates: list[tuple[bytes, str]]) -> int:
    """The index of the application chosen. Raises Abandoned, or CardRemoved."""
    waits = [_choice(terminal, payment, [label for _, label in candidates])] + _card_gone(terminal, payment)
    return await answer(payment, waits, CHOICE_TIMEOUT_MS, "choice_timeout")


async def for_pin(terminal: Terminal, payment: Payment, method: str, tries_left: int | None) -> PinEntry:
    """`method` is "online" or "offline_plaintext". Raises Abandoned, or CardRemoved."""
    from emv.action import PinEntry

    terminal.tell(payment, "pin_entry")
    shown_tries = tries_left if tries_left == 1 or _last_pin_was_wrong(payment) else None

    def draw(count: int) -> None:
        asking.enter_pin(terminal.canvas, terminal.words, terminal.amount(payment), count, shown_tries)

    drivers = terminal.drivers
    waits = [enter_pin(drivers.keypad, drivers.beeper, draw, drivers.clock)] + _card_gone(terminal, payment)
    pin = await answer(payment, waits, PIN_TIMEOUT_MS, "pin_timeout")
    try:
        telling.wait(terminal.canvas, terminal.words, terminal.amount(payment), "wait", payment.interface == "contact")
        if method == "online":
            payment.pin_block = payment.keys.pin_block(pin.digits, pan(payment.card.data))
            return PinEntry("entered")
        sw1, sw2 = verify(lambda command: card.transmit(drivers, payment, command), pin)
        return PinEntry("entered", sw1, sw2)
    finally:
        pin.wipe()


def _card_gone(terminal: Terminal, payment: Payment) -> list[Coroutine]:
    """A chip card must stay while we ask; a tapped one has gone already."""
    return [_removed(terminal)] if payment.interface == "contact" else []


async def _removed(terminal: Terminal) -> None:
    await terminal.drivers.card_reader.removed()
    raise CardRemoved


async def _choice(terminal: Terminal, payment: Payment, labels: list[str]) -> int:
    page = 0
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


def _last_pin_was_wrong(payment: Payment) -> bool:
    """Was the last command a VERIFY that the card refused?"""
    if not payment.card.exchange:
        return False
    command, response = payment.card.exchange[-1]
    return command[1] == 0x20 and response[-2] == _PIN_WRONG
