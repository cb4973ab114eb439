"""The card is asked for, or asked back. Each wait has a deadline and hears CANCEL."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import Abandoned
from firmware.flows import brands
from firmware.flows.waiting import answer
from firmware.screens import telling

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

CARD_TIMEOUT_MS = 60_000
REMOVAL_TIMEOUT_MS = 30_000
HOST_GONE_S = 15


async def for_card(terminal: Terminal, payment: Payment, contactless: bool, field_off_ms: int) -> str:
    """The interface on which a card came, "" to ask anew: a brand was chosen, or several cards came. Raises Abandoned.

    The screen is the caller's. `field_off_ms`: as in emv/outcome.py.
    """
    drivers = terminal.drivers
    drivers.beeper.lights(1 if contactless else 0)
    presented = _presented(terminal, contactless, field_off_ms)
    waits: list[Coroutine] = [presented, _keys(terminal, payment), _host_gone(terminal)]
    return await answer(payment, waits, CARD_TIMEOUT_MS, "card_timeout")


async def confirmed(terminal: Terminal, payment: Payment) -> None:
    """OK was pressed. Raises Abandoned."""
    await answer(payment, [_ok_key(terminal), _host_gone(terminal)], CARD_TIMEOUT_MS, "card_timeout")


async def for_chip(terminal: Terminal, payment: Payment) -> str:
    """As for_card, where nothing is tapped and no brand is chosen. Raises Abandoned."""
    waits: list[Coroutine] = [_presented(terminal, False, 0), _cancel_key(terminal), _host_gone(terminal)]
    return await answer(payment, waits, CARD_TIMEOUT_MS, "card_timeout")


async def to_remove(terminal: Terminal, payment: Payment) -> None:
    """Raises Abandoned. The screen is the caller's."""
    waits: list[Coroutine] = [terminal.drivers.card_reader.removed(), _cancel_key(terminal)]
    await answer(payment, waits, REMOVAL_TIMEOUT_MS, "card_not_removed")


async def _presented(terminal: Terminal, contactless: bool, field_off_ms: int) -> str:
    """A phone or card that is asked for again has to leave the field first, or the field goes off for a while.

    Of several cards none is taken: "" once they are gone (attacks/C-20).
    """
    reader = terminal.drivers.card_reader
    if field_off_ms:
        reader.arm(False, False)
        await asyncio.sleep(field_off_ms / 1000)
    elif contactless and reader.card_present():
        await reader.removed()
    reader.arm(True, contactless)
    interface = await reader.present()
    if interface != "several":
        return interface
    telling.remove_card(terminal.canvas, terminal.words, "one_card_only")
    await reader.removed()
    return ""


async def _keys(terminal: Terminal, payment: Payment) -> str:
    """CANCEL gives up; the key of a brand has it go first, whatever the merchant's preference (terminal/LAW-1)."""
    while True:
        key = await terminal.drivers.keypad.key()
        if key == "CANCEL":
            raise Abandoned("cardholder_cancelled")
        terminal.drivers.beeper.beep("key")
        if brands.choose(terminal.profile, payment, key):
            return ""


async def _cancel_key(terminal: Terminal) -> None:
    while True:
        await _ok_key(terminal)


async def _ok_key(terminal: Terminal) -> None:
    """Raises Abandoned by CANCEL."""
    key = ""
    while key != "OK":
        key = await terminal.drivers.keypad.key()
        if key == "CANCEL":
            raise Abandoned("cardholder_cancelled")
        terminal.drivers.beeper.beep("key")


async def _host_gone(terminal: Terminal) -> None:
    """A link that flaps comes back within seconds (faults/R-05); a host that stays away will not take the result."""
    gone_s = 0
    while gone_s < HOST_GONE_S:
        await asyncio.sleep(1)
        gone_s = 0 if terminal.link.connected else gone_s + 1
    raise Abandoned("host_gone")
