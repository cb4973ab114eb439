"""Before a refund of no sale the merchant types a code on the reader, where no host sees it (terminal/T-R08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import Abandoned, ReaderFault
from firmware.flows.waiting import answer
from firmware.local_time import seconds
from firmware.screens import merchant
from firmware.screens.prompts import Prompts
from firmware.secure import merchant_code
from firmware.secure.pin_entry import enter_pin

if TYPE_CHECKING:
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

CODE_TIMEOUT_MS = 70_000  # enter_pin has its own, shorter ones


async def ask_merchant_code(terminal: Terminal, payment: Payment) -> None:
    """Raises Abandoned merchant_code_wrong, merchant_code_locked, or as a PIN does; and ReaderFault."""
    storage = terminal.drivers.storage
    if merchant_code.is_locked(storage, seconds(terminal.drivers.clock.now())):
        raise Abandoned("merchant_code_locked")
    words = Prompts(terminal.words.language, "merchant")
    wrong = False
    while not await _try(terminal, payment, words, wrong):
        wrong = True
        terminal.drivers.beeper.beep("alert")
        if merchant_code.is_locked(storage, seconds(terminal.drivers.clock.now())):
            raise Abandoned("merchant_code_wrong")


async def _try(terminal: Terminal, payment: Payment, words: Prompts, wrong: bool) -> bool:
    drivers = terminal.drivers

    def draw(count: int) -> None:
        merchant.enter_code(terminal.canvas, words, terminal.amount(payment), count, wrong)

    code = await answer(
        payment, [enter_pin(drivers.keypad, drivers.beeper, draw, drivers.clock)], CODE_TIMEOUT_MS, "pin_timeout"
    )
    try:
        return merchant_code.is_good(drivers.storage, terminal.vault, code.digits, seconds(drivers.clock.now()))
    except OSError:
        raise ReaderFault("storage_full") from None
    finally:
        code.wipe()
