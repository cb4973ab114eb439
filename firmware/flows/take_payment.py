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
from emv.outcome import Outcome
from emv.transaction import Request, Transaction
from firmware.errors import CardError, CardSilent
from firmware.flows import card
from firmware.flows.payment import ALWAYS_ONLINE, GIVES_BACK, PARTIAL
from firmware.overlay import Overlay
from firmware.screens import telling
from firmware.screens.prompts import DEFAULT, preferred

if TYPE_CHECKING:
    from typing import Any

    from emv.action import Action
    from firmware.flows.payment import Payment
    from firmware.terminal import Terminal

_TRIES = const(4)  # cards presented for one sale

_LANGUAGE_PREFERENCE = const(0x5F2D)
_TYPES = {"cash_back": 0x09, "refund": 0x20, "cancellation": 0x02}  # tag 9C; all others are a purchase's
_READ = ("approved", "declined", "online")
_CLEAR_DISPLAY = ("1E",)
_CHALLENGE = (0x84, 0xC0)  # GET CHALLENGE, GET RESPONSE
_COUNTERS = const(10**8)  # tag 9F41 has eight digits

# message for the cardholder (Book A, 9.4) -> the screen that asks for the next try
PROMPTS = {"15": "present_again", "1C": "another_card", "20": "see_phone", "21": "try_again"}


async def take_payment(terminal: Terminal, payment: Payment) -> str:
    """The name of the outcome (emv/outcome.py) that it ended with. Raises ReaderError with a name of reasons.py."""
    terminal.speak(DEFAULT)
    terminal.drivers.keypad.flush()
    if terminal.drivers.card_reader.card_present():
        telling.remove_card(terminal.canvas, terminal.words)
        await _ask_card("to_remove", terminal, payment)
    await _ask_before_card(terminal, payment)
    contactless, prompt = not payment.by_chip, "ask_chip" if payment.by_chip else "present_card"
    outcome = Outcome("try_again", "")
    for _ in range(_TRIES):
        outcome = await _ask_and_try(terminal, payment, contactless, prompt, outcome.field_off_ms)
        following = next_try(outcome, payment.interface)
        _speak(terminal, payment)
        if following is None:
            payment.cvm = outcome.cvm
            if outcome.name == "online":
                await _finish_online(terminal, payment)
            await _confirm(terminal, payment, outcome.name)
            return outcome.name
        if payment.interface == "contact":
            telling.card_error(terminal.canvas, terminal.words)
            await _ask_card("to_remove", terminal, payment)
            prompt = "present_card" if contactless else "insert_card"
        else:
            contactless, prompt = following
        payment.committed = False  # a cryptogram that went nowhere binds nobody
    return outcome.name


async def _ask_before_card(terminal: Terminal, payment: Payment) -> None:
    if payment.kind == "refund" and not payment.original:
        await _ask_cardholder("ask_merchant_code", terminal, payment)
    if payment.tips:
        await _ask_cardholder("ask_tip", terminal, payment)


async def _confirm(terminal: Terminal, payment: Payment, outcome: str) -> None:
    """What is approved, and only the merchant can say whether it is enough. Raises Abandoned."""
    approved = outcome == "approved" or (outcome == "online" and payment.issuer_approved)
    if approved and not payment.answer_is_false and (payment.cvm == "signature" or payment.response_code == PARTIAL):
        await _ask_cardholder("ask_merchant", terminal, payment)


def next_try(outcome: Outcome, interface: str) -> tuple[bool, str] | None:
    """(does the field open again?, screen) where the sale goes on with another try; None: it ends with this outcome.

    What starts again is a tap; what a tap cannot pay may be paid by chip, or by another card (Book A, 6.2).
    """
    if outcome.name == "another_interface":
        return False, "use_chip"
    if outcome.start == "none" and (outcome.name != "another_card" or interface == "contact"):
        return None
    prompt = "try_again"
    for message in outcome.restart_ui + outcome.ui:
        prompt = PROMPTS.get(message, prompt)
    return True, prompt


async def _ask_and_try(
    terminal: Terminal, payment: Payment, contactless: bool, prompt: str, field_off_ms: int
) -> Outcome:
    interface = ""
    while not interface:  # each choice of a brand is shown, and another one may follow
        flow.release()
        _show_present_card(terminal, payment, contactless, prompt)
        if contactless:
            await _load_tap_steps(terminal)
        interface = await _ask_card("for_card", terminal, payment, contactless, field_off_ms)
        field_off_ms = 0
    payment.interface = interface
    return await _try_card(terminal, payment)


async def _try_card(terminal: Terminal, payment: Payment) -> Outcome:
    """ "try_again" when the card could not be read to a cryptogram. Raises ReaderError."""
    terminal.tell(payment, "card_presented")
    _show_wait(terminal, payment, "wait")
    try:
        return await _run_kernel(terminal, payment)
    except CardError as error:
        lost = payment.interface == "contact" and (payment.committed or not isinstance(error, CardSilent))
        if payment.asked or lost:
            raise
        return Outcome("try_again", error.why, start="B")


async def _load_tap_steps(terminal: Terminal) -> None:
    """Before the field is open: a tap has no time to wait for code."""
    for step in flow.tap_steps(terminal.profile):
        flow.load(step)
        await asyncio.sleep(0)


async def _run_kernel(terminal: Terminal, payment: Payment) -> Outcome:
    if payment.interface == "contact":
        flow.release()  # the steps of a tap make room for those of the chip
    random = terminal.drivers.secure_element.random
    transaction = Transaction(terminal.profile, _request(terminal, payment), random, terminal.torn)
    payment.begin_try(transaction)
    transaction.frugal = True
    action = _begin(transaction, payment)
    try:
        while not isinstance(action, Finish):
            reply = await reply_to(terminal, payment, action)
            if isinstance(action, ChooseApplication) and payment.interface == "contactless":
                return Outcome("try_again", "application_chosen", start="B", ui=("15",))  # the card has left meanwhile
            action = flow.advance(transaction, reply)
    finally:
        payment.forget_pin()
    flow.release()  # what comes next is not the kernel's
    return _of_kind(payment, action.outcome)


def _begin(transaction: Transaction, payment: Payment) -> Action:
    if payment.interface == "contactless":
        return flow.begin_contactless(transaction)
    if payment.kind not in GIVES_BACK:
        return flow.begin(transaction)
    from emv.kernel.refund import TABLE

    return flow.begin(transaction, TABLE)


def _of_kind(payment: Payment, outcome: Outcome) -> Outcome:
    """Money comes back to whoever's card was read to a cryptogram, an AAC too, and by the acquirer's word alone: nobody
    is verified. Kernel 2 ends a refund with a message that clears the display (Book C-2, S910.75).

    A card cannot answer for its account: what it approved of ALWAYS_ONLINE goes online all the same.
    """
    if payment.kind in GIVES_BACK and (outcome.name in _READ or outcome.ui == _CLEAR_DISPLAY):
        return Outcome("online", outcome.why)
    if payment.kind in ALWAYS_ONLINE and outcome.name == "approved" and not payment.asked:
        return Outcome("online", outcome.why, outcome.cvm)
    return outcome


def _request(terminal: Terminal, payment: Payment) -> Request:
    """Where no brand goes first the cardholder chooses from a list (terminal/LAW-2)."""
    code = Overlay()
    from firmware.flows import brands

    first = brands.preferred(terminal.profile, payment)
    payment.first_brand = brands.default(terminal.profile, payment)
    code.release()
    now = terminal.drivers.clock.now()
    counter = terminal.journal.sequence % _COUNTERS
    return Request(
        payment.amount_minor,
        now,
        payment.amount_other_minor,
        _TYPES.get(payment.kind, 0x00),
        counter,
        preferred_aid=first,
        choose=not payment.first_brand,
        force_online=payment.kind in ALWAYS_ONLINE,
        offline_minor=payment.offline_minor if payment.interface == "contact" else 0,
    )


async def reply_to(terminal: Terminal, payment: Payment, action: Action) -> Any:
    """What emv/action.py says that an action is answered with. Raises ReaderError."""
    if payment.pin and not _leads_to_verify(action):
        payment.forget_pin()
    if isinstance(action, Send):
        return await _send(terminal, payment, action.command)
    if isinstance(action, VerifyPin):
        return await _ask_cardholder("verify_pin", terminal, payment, action)
    _speak(terminal, payment)
    if isinstance(action, ChooseApplication):
        index = await _ask_cardholder("ask_choice", terminal, payment, action.candidates)
        payment.chosen = action.candidates[index][0]
        return index
    if isinstance(action, EnterPin):
        return await _ask_cardholder("ask_pin", terminal, payment, action.method, action.tries_left)
    if isinstance(action, GoOnline):
        return await _ask_acquirer(terminal, payment)
    raise TypeError("action")


async def _send(terminal: Terminal, payment: Payment, command: bytes) -> tuple | None:
    """Of a tap that is gone the kernel hears: it may want the same cryptogram again (Book C-2, 3.7)."""
    try:
        return await card.send(terminal.drivers, payment, command)
    except CardError:
        if payment.interface == "contact":
            raise
        return None


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
    from firmware.flows import brands
    from firmware.screens import asking

    names, first = brands.shown(terminal.profile, payment)
    amount = terminal.amount(payment)
    cash = terminal.money(payment.amount_other_minor, payment.currency)
    asking.present_card(terminal.canvas, terminal.words, amount, contactless, prompt, names, first, cash)
    code.release()


async def _finish_online(terminal: Terminal, payment: Payment) -> None:
    """The card is done with, as after a tap that goes online: the issuer's response code decides (Book A, 6.2)."""
    terminal.drivers.card_reader.arm(False, False)
    terminal.drivers.beeper.lights(4)
    if payment.interface == "contactless" and payment.cvm == "none" and _taps_too_much(terminal, payment):
        payment.cvm = "online_pin"
    if payment.cvm == "online_pin":
        await _ask_cardholder("ask_pin", terminal, payment, "online", None)
    await _ask_acquirer(terminal, payment)


def _taps_too_much(terminal: Terminal, payment: Payment) -> bool:
    code = Overlay()
    from firmware.flows import velocity

    too_much = payment.kind not in GIVES_BACK and velocity.is_too_much(terminal, payment)
    code.release()
    return too_much


def _speak(terminal: Terminal, payment: Payment) -> None:
    """The card's language as soon as it has said it (Book 4, 11.1)."""
    terminal.speak(preferred(payment.card.data.get(_LANGUAGE_PREFERENCE)))


def _show_wait(terminal: Terminal, payment: Payment, prompt: str) -> None:
    inside = payment.interface == "contact"
    telling.wait(terminal.canvas, terminal.words, terminal.amount(payment), prompt, inside)
