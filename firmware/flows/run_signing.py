"""From a challenge to the card's response, or to the name of why there is none: nothing of it is kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from firmware.errors import ReaderError
from firmware.flows.signing import Signing
from firmware.overlay import Overlay

if TYPE_CHECKING:
    from firmware.terminal import Terminal


async def run_signing(terminal: Terminal) -> None:
    signing = terminal.payment
    if not isinstance(signing, Signing):
        return
    terminal.trace = None  # of the last payment: it makes room
    code = Overlay()
    try:
        why = await _sign(terminal, signing)
    except ReaderError as error:
        why = error.why
    except Exception:  # noqa: BLE001 a fault of ours, or no memory: it must end by name and leave the reader usable
        why = "reader_fault"
    code.release()
    signing.begin_try(None)
    gc.collect()
    terminal.drivers.card_reader.arm(False, False)
    _end(terminal, signing, why)


async def _sign(terminal: Terminal, signing: Signing) -> str:
    from firmware.flows.sign import sign

    return await sign(terminal, signing)


def _end(terminal: Terminal, signing: Signing, why: str) -> None:
    """As long as the card stays in, the digits stay on the screen."""
    from firmware.flows import reasons
    from firmware.screens import signature

    why, outcome, end, prompt = reasons.row(why)
    drivers = terminal.drivers
    inside = signing.interface == "contact" and drivers.card_reader.card_present()
    message = {
        "type": "card_signature",
        "transaction_id": signing.transaction_id,
        "request_id": signing.request_id,
        "why": why,
    }
    if signing.response:
        message["response"] = signing.response
        message["signed_data"] = signing.signed
        signature.response(terminal.canvas, terminal.words, signing.response, inside)
    else:
        signature.refused(terminal.canvas, terminal.words, end, prompt, inside)
    if inside:
        terminal.tell(signing, "remove_card")
    terminal.link.post(message)
    drivers.beeper.beep("success" if outcome == "approved" else "alert")
    terminal.end_shown()
