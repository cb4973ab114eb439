"""The PIN that was entered goes to the card, enciphered with the card's key and challenge (EMV Book 2, 7.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.flows import card
from firmware.secure.verify import verify_enciphered

if TYPE_CHECKING:
    from emv.action import PinEntry, VerifyPin
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal


async def verify_pin(terminal: Terminal, payment: Payment, asked: VerifyPin) -> PinEntry:
    """The PIN is forgotten, whatever the card says. Raises CardRemoved, or CardSilent."""
    from emv.action import PinEntry

    try:
        sw1, sw2 = verify_enciphered(
            lambda command: card.transmit(terminal.drivers, payment, command),
            payment.pin,
            asked.key,
            asked.challenge,
            asked.padding,
        )
    finally:
        payment.forget_pin()
    return PinEntry("entered", sw1, sw2)
