"""The cardholder joins the programme: the number, the conditions where there are any, and on a screen of its own the
question of offers by SMS (terminal/LAW-12, LAW-13). The number is wiped here, whatever happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.flows.offer_loyalty import key, read
from firmware.local_time import taken_at
from firmware.overlay import Overlay
from firmware.screens import loyalty, mobile_number

if TYPE_CHECKING:
    from firmware.screens.prompts import Prompts
    from firmware.terminal import Terminal

ANSWER_TIMEOUT_MS = 5_000
_TRIES = const(2)
_WRONG = ("invalid_number", "not_a_mobile")


async def enrol(terminal: Terminal, words: Prompts, kept: dict) -> None:
    """Raises as offer_loyalty.key."""
    agreed: dict = {}
    answer: dict | None = {"standing": _WRONG[0]}
    for attempt in range(_TRIES):
        number = bytearray()
        try:
            await _type(terminal, words, number, attempt > 0)
            if not mobile_number.can_be(number):
                continue
            agreed = agreed or await _agree(terminal, words, kept)
            answer = await _join(terminal, words, number, agreed)
        finally:
            _wipe(number)
        if answer is None or answer["standing"] not in _WRONG:
            break
    await _tell(terminal, words, answer)


async def _type(terminal: Terminal, words: Prompts, number: bytearray, wrong: bool) -> None:
    if wrong:
        terminal.drivers.beeper.beep("alert")
    terminal.drivers.keypad.flush()
    while True:
        loyalty.enter_mobile(terminal.canvas, words, mobile_number.shown(number), wrong)
        pressed = await key(terminal)
        wrong = False
        if pressed == "OK" and number:
            return
        if pressed == "CLEAR":
            number[-1:] = b""
        elif pressed.isdigit() and len(number) < mobile_number.LONGEST:
            number.append(ord(pressed))


async def _agree(terminal: Terminal, words: Prompts, kept: dict) -> dict:
    """What is agreed to, on two screens: the enrolment, but for the number."""
    agreed = {"type": "enrolment", "transaction_id": kept["transaction_id"], "language": words.language}
    if "conditions" in kept:
        await _accept(terminal, words, kept)
        agreed["conditions_version"] = kept["conditions_version"]
    agreed["sms_consent"] = "yes" if await _wants_sms(terminal, words) else "no"
    agreed["taken_at"] = taken_at(terminal.drivers.clock)
    return agreed


async def _accept(terminal: Terminal, words: Prompts, kept: dict) -> None:
    """OK accepts, and nothing else does."""
    pressed = ""
    while pressed != "OK":
        loyalty.conditions(terminal.canvas, words, kept["conditions"], "conditions_url" in kept)
        pressed = await key(terminal)
        if pressed == "1" and "conditions_url" in kept:
            _show_full_text(terminal, words, kept["conditions_url"])
            await key(terminal)


def _show_full_text(terminal: Terminal, words: Prompts, url: str) -> None:
    code = Overlay()
    from firmware.screens.qr_code import qr_code

    loyalty.full_text(terminal.canvas, words, *qr_code(url.encode()))
    code.release()


async def _wants_sms(terminal: Terminal, words: Prompts) -> bool:
    yes = False
    while True:
        loyalty.ask_sms(terminal.canvas, words, yes)
        pressed = await key(terminal)
        if pressed == "OK":
            return yes
        if pressed in ("1", "2"):
            yes = pressed == "2"


async def _join(terminal: Terminal, words: Prompts, number: bytearray, agreed: dict) -> dict | None:
    """The host's answer; None when none came."""
    loyalty.wait(terminal.canvas, words)
    enrolment = dict(agreed, mobile=mobile_number.dialled(number))
    try:
        return await terminal.link.ask(enrolment, "enrolled", ANSWER_TIMEOUT_MS)
    finally:
        _wipe(enrolment["mobile"])


async def _tell(terminal: Terminal, words: Prompts, answer: dict | None) -> None:
    answer = answer or {"standing": "no_answer"}
    standing = answer["standing"]
    if standing == "joined":
        loyalty.joined(terminal.canvas, words, answer.get("points", 0), answer.get("counter", "points"))
        terminal.drivers.beeper.beep("success")
    else:
        loyalty.not_joined(terminal.canvas, words, "mobile_wrong" if standing in _WRONG else standing)
        terminal.drivers.beeper.beep("alert")
    await read(terminal)


def _wipe(number: bytearray) -> None:
    number[:] = bytes(len(number))
