"""The cardholder types the PIN (ISO 9564-1; attacks/P-07, P-08). Each key sounds and looks the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import Abandoned

if TYPE_CHECKING:
    from typing import Callable

    from firmware.drivers.beeper import Beeper
    from firmware.drivers.clock import Clock
    from firmware.drivers.keypad import Keypad

SHORTEST = 4
LONGEST = 12
BETWEEN_KEYS_MS = 30_000
TOTAL_MS = 60_000
_TICKS = (1 << 30) - 1  # ticks_ms wraps at a power of two, this one or a higher


class Pin:
    """Digits as values 0-9, in a bytearray so that they can be wiped."""

    def __init__(self) -> None:
        self.digits = bytearray()

    def wipe(self) -> None:
        for place in range(len(self.digits)):
            self.digits[place] = 0
        self.digits = bytearray()


async def enter_pin(
    keypad: Keypad,
    beeper: Beeper,
    draw: Callable[[int], None],
    clock: Clock,
    may_bypass: bool = False,
) -> Pin:
    """4 to 12 digits ended by OK; the caller wipes the Pin. `draw(count)` shows that many dots.

    `may_bypass`: OK alone ends it too, with no digits (EMV Book 4, 6.3.4.3).

    Raises Abandoned cardholder_cancelled or pin_timeout; digits typed so far are then wiped, as on cancellation.
    """
    pin = Pin()
    typed = False
    keypad.flush()
    try:
        await _type(pin, keypad, beeper, draw, clock, may_bypass)
        typed = True
    except asyncio.TimeoutError:
        raise Abandoned("pin_timeout") from None
    finally:
        if not typed:
            pin.wipe()
    return pin


async def _type(
    pin: Pin, keypad: Keypad, beeper: Beeper, draw: Callable[[int], None], clock: Clock, may_bypass: bool
) -> None:
    start = clock.ticks_ms()
    draw(0)
    while True:
        # One wait with the shorter of both deadlines: a wait_for around a wait_for can lose its time-out to a key
        left_ms = TOTAL_MS - (clock.ticks_ms() - start & _TICKS)
        key = await asyncio.wait_for(keypad.key(), max(0, min(left_ms, BETWEEN_KEYS_MS)) / 1000)
        beeper.beep("key")
        if key == "CANCEL":
            raise Abandoned("cardholder_cancelled")
        if key == "OK" and (len(pin.digits) >= SHORTEST or (may_bypass and not pin.digits)):
            return
        if key == "CLEAR":
            pin.digits[-1:] = b""
        elif key.isdigit() and len(pin.digits) < LONGEST:
            pin.digits.append(int(key))
        draw(len(pin.digits))
