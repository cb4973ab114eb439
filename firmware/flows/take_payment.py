"""Take a payment: a card is asked for, the kernel decides, the host is asked, and one outcome comes out.

The order of EMV is the kernel's (emv/kernel/flow.py); what is here is what its actions mean in this reader, and which
outcome lets the same sale go on with another try (EMV Contactless Book A, 6.2).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, Send, VerifyPin
from emv.constant import const
from emv.kernel import flow
from emv.transaction import Request, Transaction
from firmware.errors import CardError, CardSilent
from firmware.flows import card
from firmware.overlay import Overlay
from firmware.screens import telling
from firmware.screens.prompts import preferred

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from emv.outcome import Outcome
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

_TRIES = const(4)  # cards presented for one sale

_LANGUAGE_PREFERENCE = const(0x5F2D)
_CHALLENGE = (0x84, 0xC0)  # GET CHALLENGE, GET RESPONSE
_COUNTERS = const(10**8)  # tag 9F41 has eight digits

# outcome that asks for another try: (is the field still open?, prompt)
AGAIN = {
    "try_again": (True, "try_again"),
    "another_interface": (False, "use_chip"),
    "select_next": (True, "try_again"),
}


async def take_payment(terminal: Terminal, payment: Payment) -> str:
    """The name of the outcome (emv/outcome.py) that it ended with. Raises ReaderError with a name of reasons.py."""
    if terminal.drivers.card_reader.card_present():
        telling.remove_card(terminal.canvas, terminal.words)
        await _ask_card("to_remove", terminal, payment)
    contactless, prompt = True, "present_card"
    for _ in range(_TRIES):
        _show_present_card(terminal, payment, contactless, prompt)
        if contactless:
            await _load_tap_steps(terminal)
        payment.interface = await _ask_card("for_card", terminal, payment, contactless)
        outcome = await _try_card(terminal, payment)
        if outcome is not None and outcome.name not in AGAIN:
            payment.cvm = outcome.cvm
            terminal.speak(preferred(payment.card.data.get(_LANGUAGE_PREFERENCE)))
            if outcome.name == "online":
                await _finish_tap_online(terminal, payment)
            return outcome.name
        if payment.interface == "contact":
            telling.card_error(terminal.canvas, terminal.words)
            await _ask_card("to_remove", terminal, payment)
            prompt = "present_card" if contactless else "insert_card"
        else:
            contactless, prompt = AGAIN[outcome.name if outcome is not None else "try_again"]
        payment.committed = False  # a cryptogram that went nowhere binds nobody
    return "try_again"


async def _try_card(terminal: Terminal, payment: Payment) -> Outcome | None:
    """None when the card could not be read to a cryptogram and may be tried again. Raises ReaderError."""
    terminal.tell(payment, "card_presented")
    _show_wait(terminal, payment, "wait")
    try:
        return await _run_kernel(terminal, payment)
    except CardError as error:
        lost = payment.interface == "contact" and (payment.committed or not isinstance(error, CardSilent))
        if payment.asked or lost:
            raise
        return None


async def _load_tap_steps(terminal: Terminal) -> None:
    """Before the field is open: a tap has no time to wait for code."""
    for step in flow.tap_steps(terminal.profile):
        flow.load(step)
        await asyncio.sleep(0)


async def _run_kernel(terminal: Terminal, payment: Payment) -> Outcome:
    if payment.interface == "contact":
        flow.release()  # the steps of a tap make room for those of the chip
    now = terminal.drivers.clock.now()
    request = Request(payment.amount_minor, now, sequence_counter=terminal.journal.sequence % _COUNTERS)
    transaction = Transaction(terminal.profile, request, terminal.drivers.secure_element.random)
    payment.begin_try(transaction)
    transaction.frugal = payment.interface == "contact"  # a chip waits for code to load, and no step comes back
    begin = flow.begin if payment.interface == "contact" else flow.begin_contactless
    action = begin(transaction)
    try:
        while not isinstance(action, Finish):
            reply = await _reply_to(terminal, payment, action)
            action = flow.advance(transaction, reply)
    finally:
        payment.forget_pin()
    flow.release()  # what comes next is not the kernel's
    return action.outcome


async def _reply_to(terminal: Terminal, payment: Payment, action: Action) -> Any:
    if payment.pin and not _leads_to_verify(action):
        payment.forget_pin()
    if isinstance(action, Send):
        return await card.send(terminal.drivers, payment, action.command)
    if isinstance(action, VerifyPin):
        return await _ask_cardholder("verify_pin", terminal, payment, action)
    terminal.speak(preferred(payment.card.data.get(_LANGUAGE_PREFERENCE)))
    if isinstance(action, ChooseApplication):
        return await _ask_cardholder("ask_choice", terminal, payment, action.candidates)
    if isinstance(action, EnterPin):
        return await _ask_cardholder("ask_pin", terminal, payment, action.method, action.tries_left)
    if isinstance(action, GoOnline):
        return await _ask_acquirer(terminal, payment)
    raise TypeError("action")


def _leads_to_verify(action: Action) -> bool:
    """Only a challenge comes between a PIN and its VERIFY."""
    return isinstance(action, VerifyPin) or (isinstance(action, Send) and action.command[1] in _CHALLENGE)


async def _ask_acquirer(terminal: Terminal, payment: Payment) -> Any:
    terminal.tell(payment, "going_online")
    flow.release()  # few steps are left, and the answer takes a while
    _show_wait(terminal, payment, "going_online")
    code = Overlay()
    from firmware.flows.go_online import go_online

    answer = await go_online(terminal, payment)
    code.release()
    return answer


async def _ask_card(question: str, *about: Any) -> Any:
    code = Overlay()
    from firmware.flows import ask_card

    try:
        return await getattr(ask_card, question)(*about)
    finally:
        code.release()


async def _ask_cardholder(question: str, *about: Any) -> Any:
    """`question` is a module of firmware/flows, and its function."""
    flow.release()  # while somebody thinks or types, there is time to load it again
    code = Overlay()
    try:
        return await getattr(__import__("firmware.flows." + question, None, None, ("",)), question)(*about)
    finally:
        code.release()


def _show_present_card(terminal: Terminal, payment: Payment, contactless: bool, prompt: str) -> None:
    code = Overlay()
    from firmware.screens import asking

    asking.present_card(terminal.canvas, terminal.words, terminal.amount(payment), True, contactless, prompt)
    code.release()


async def _finish_tap_online(terminal: Terminal, payment: Payment) -> None:
    """A tap that goes online has left its card behind: the issuer's response code decides (Book A, 6.2)."""
    terminal.drivers.card_reader.arm(False, False)
    terminal.drivers.beeper.lights(4)
    if payment.cvm == "online_pin":
        await _ask_cardholder("ask_pin", terminal, payment, "online", None)
    await _ask_acquirer(terminal, payment)


def _show_wait(terminal: Terminal, payment: Payment, prompt: str) -> None:
    inside = payment.interface == "contact"
    telling.wait(terminal.canvas, terminal.words, terminal.amount(payment), prompt, inside)
