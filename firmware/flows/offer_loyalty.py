"""After the end, once the card is out: a member's points, or the offer to join the programme (services/L-6).

No payment is open and no card in the slot (attacks/P-01): a card that comes ends it, as does whatever the host asks.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import Abandoned
from firmware.flows.waiting import first_of
from firmware.overlay import Overlay
from firmware.screens import loyalty
from firmware.screens.prompts import Prompts

if TYPE_CHECKING:
    from firmware.terminal import Terminal

REMOVAL_TIMEOUT_MS = 60_000
TOTAL_MS = 180_000
KEY_TIMEOUT_MS = 30_000
SHOWN_MS = 8_000  # what asks nothing


async def offer_loyalty(terminal: Terminal) -> None:
    """A key that refuses is told to the host, silence is not: whoever left was not asked."""
    kept, reader = terminal.offer, terminal.drivers.card_reader
    if kept is None or (await first_of([reader.removed()], REMOVAL_TIMEOUT_MS))[0] < 0:
        return
    terminal.drivers.keypad.flush()
    reader.arm(True, False)
    try:
        await first_of([_talk(terminal, kept), reader.present()], TOTAL_MS)
    except Abandoned:
        terminal.link.post({"type": "loyalty_refused", "transaction_id": kept["transaction_id"]})
    except asyncio.TimeoutError:
        pass
    finally:
        reader.arm(False, False)


async def _talk(terminal: Terminal, kept: dict) -> None:
    """Raises Abandoned by CANCEL, TimeoutError when nobody presses a key."""
    words = Prompts(terminal.words.language, "loyalty")
    if "points" in kept or "rewards" in kept:
        points, counter = kept.get("points"), kept.get("counter", "points")
        loyalty.member(terminal.canvas, words, kept["programme"], points, counter, kept.get("rewards", ""))
        await read(terminal)
        return
    loyalty.offer(terminal.canvas, words, kept["programme"])
    while await key(terminal) != "OK":
        pass
    code = Overlay()
    from firmware.flows.enrol import enrol

    await enrol(terminal, words, kept)
    code.release()


async def key(terminal: Terminal) -> str:
    """Raises Abandoned by CANCEL, TimeoutError when nobody presses one."""
    pressed = await asyncio.wait_for(terminal.drivers.keypad.key(), KEY_TIMEOUT_MS / 1000)
    terminal.drivers.beeper.beep("key")
    if pressed == "CANCEL":
        raise Abandoned("cardholder_cancelled")
    return pressed


async def read(terminal: Terminal) -> None:
    """Time to read a screen that asks nothing; any key ends it."""
    await first_of([terminal.drivers.keypad.key()], SHOWN_MS)
