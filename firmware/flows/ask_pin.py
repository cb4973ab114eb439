"""The cardholder is asked for the PIN: sealed for the acquirer, or put to the card. CANCEL and a deadline end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.errors import Abandoned
from firmware.flows import card
from firmware.flows.waiting import answer, card_gone
from firmware.screens import asking, telling
from firmware.secure.card_data import pan
from firmware.secure.pin_entry import enter_pin
from firmware.secure.pin_rate import one_more
from firmware.secure.verify import verify

if TYPE_CHECKING:
    from emv.action import PinEntry
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

PIN_TIMEOUT_MS = 70_000  # enter_pin has its own, shorter ones
_PIN_WRONG = const(0x63)


async def ask_pin(terminal: Terminal, payment: Payment, method: str, tries_left: int | None) -> PinEntry:
    """`method`: of emv.action.EnterPin; an enciphered PIN waits in the payment. Raises Abandoned, or CardRemoved."""
    from emv.action import PinEntry

    counted = one_more(terminal.pins, terminal.drivers.clock.ticks_ms())
    if counted is None:
        raise Abandoned("too_many_pins")
    terminal.pins = counted
    terminal.tell(payment, "pin_entry")
    may_bypass = terminal.profile.pin_bypass and payment.interface == "contact" and not payment.challenge
    shown_tries = tries_left if tries_left == 1 or _last_pin_was_wrong(payment) else None

    def draw(count: int) -> None:
        asking.enter_pin(terminal.canvas, terminal.words, terminal.amount(payment), count, shown_tries, may_bypass)

    drivers = terminal.drivers
    waits = [enter_pin(drivers.keypad, drivers.beeper, draw, drivers.clock, may_bypass)] + card_gone(terminal, payment)
    pin = await answer(payment, waits, PIN_TIMEOUT_MS, "pin_timeout")
    try:
        telling.wait(terminal.canvas, terminal.words, terminal.amount(payment), "wait", payment.interface == "contact")
        if not pin.digits:
            return PinEntry("bypassed")
        if method == "offline_enciphered":
            payment.pin = bytearray(pin.digits)
            return PinEntry("entered")
        if method == "online":
            payment.pin_block = payment.keys.pin_block(pin.digits, pan(payment.card.data))
            return PinEntry("entered")
        sw1, sw2 = verify(lambda command: card.transmit(drivers, payment, command), pin.digits)
        return PinEntry("entered", sw1, sw2)
    finally:
        pin.wipe()


def _last_pin_was_wrong(payment: Payment) -> bool:
    """Was the last command a VERIFY that the card refused?"""
    if not payment.card.exchange:
        return False
    command, response = payment.card.exchange[-1]
    return command[1] == 0x20 and response[-2] == _PIN_WRONG
