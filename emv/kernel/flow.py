"""The order of steps (Book 3, figure 7; Book B, figure 3-1), and the only code that knows it.

A step is a module of emv with `decide(transaction, reply)`. It gives an action to have done, and is called again with
the reply; or the name of its result, and the table says what comes then: another step, or an outcome. The first call
of a step has no reply (None). Steps are loaded when they are first needed, so that contact and each contactless
kernel cost memory only where they are used.

The reply to a Send reaches the step as (data, sw): 61xx and 6Cxx are dealt with here, once for all. A card that gave no
answer ends a contact transaction, and a tap is tried again; a step whose table names "torn" hears of it, as sw 0.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from emv import apdu
from emv.action import Finish, Send
from emv.errors import CardFault, FlowFault, ProfileFault
from emv.outcome import NAMES, Outcome, contactless

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from emv.action import Action
    from emv.profile import Profile
    from emv.transaction import Transaction

CONTACT = {
    "kernel.application_selection": {"selected": "kernel.initiate_processing", "none_left": "end_application"},
    "kernel.initiate_processing": {
        "initiated": "kernel.read_application_data",
        "not_satisfied": "kernel.application_selection",
    },
    "kernel.read_application_data": {"read": "kernel.offline_data_authentication"},
    "kernel.offline_data_authentication": {"done": "kernel.processing_restrictions"},
    "kernel.processing_restrictions": {"done": "kernel.terminal_risk_management"},
    "kernel.terminal_risk_management": {"done": "kernel.cardholder_verification"},
    "kernel.cardholder_verification": {"done": "kernel.terminal_action_analysis"},
    "kernel.terminal_action_analysis": {"done": "kernel.card_action_analysis"},
    "kernel.card_action_analysis": {
        "approved": "approved",
        "declined": "declined",
        "online": "kernel.online_processing",
        "to_be_closed": "kernel.completion",
    },
    "kernel.online_processing": {
        "answered": "kernel.issuer_script_processing",
        "unable": "kernel.completion",
    },
    "kernel.issuer_script_processing": {
        "before": "kernel.completion",
        "approved": "approved",
        "declined": "declined",
        "torn": "end_application",
    },
    "kernel.completion": {"completed": "kernel.issuer_script_processing"},
}

_ENTRY_POINT = "contactless.entry_point"

# A tap begins at the entry point, whose "activated" leads to the kernel of the application selected, by its number.
ENTRY_POINT = {"activated": "", "not_allowed": "another_interface", "none_left": "another_card"}

# Of kernel 3, and of CB, which begins as kernel 3 does.
_KERNEL_C3 = {
    "initiated": "kernel.read_application_data",
    "end_application": "end_application",
    "another_interface": "another_interface",
    "select_next": _ENTRY_POINT,
    "try_again": "try_again",
}

# A contactless kernel by its number: its first step, and the steps that it owns. One from outside emv adds a row of its
# own before the transaction begins: modules whose names begin otherwise than ours are named whole.
KERNELS: dict[int, tuple[str, dict[str, dict[str, str]]]] = {
    2: (
        "contactless.kernel_c2",
        {
            "contactless.kernel_c2": {
                "relay_resistance": "contactless.kernel_c2_relay_resistance",
                "initiated": "contactless.kernel_c2_records",
                "select_next": _ENTRY_POINT,
            },
            "contactless.kernel_c2_relay_resistance": {"measured": "contactless.kernel_c2_records"},
            "contactless.kernel_c2_records": {"read": "contactless.kernel_c2_checks"},
            "contactless.kernel_c2_checks": {"checked": "kernel.processing_restrictions", "select_next": _ENTRY_POINT},
            "kernel.processing_restrictions": {"done": "contactless.kernel_c2_cardholder_verification"},
            "contactless.kernel_c2_cardholder_verification": {"done": "kernel.terminal_action_analysis"},
            "kernel.terminal_action_analysis": {"done": "contactless.kernel_c2_cryptogram"},
            "contactless.kernel_c2_cryptogram": {
                "approved": "approved",
                "declined": "declined",
                "online": "online",
                "another_interface": "another_interface",
                "end_application": "end_application",
                "try_again": "try_again",
                "torn": "try_again",
            },
        },
    ),
    3: (
        "contactless.kernel_c3",
        {
            "contactless.kernel_c3": _KERNEL_C3,
            "kernel.read_application_data": {"read": "contactless.kernel_c3_decision"},
            "contactless.kernel_c3_decision": {
                "approved": "approved",
                "declined": "declined",
                "online": "online",
                "another_interface": "another_interface",
            },
        },
    ),
    # CB: a number that no kernel of EMVCo's can have, since theirs are of six bits.
    0x42: (
        "contactless.kernel_c3",
        {
            "contactless.kernel_c3": _KERNEL_C3,
            "kernel.read_application_data": {"read": "contactless.kernel_cb"},
            "contactless.kernel_cb": {
                "declined": "declined",
                "online": "online",
                "another_interface": "another_interface",
            },
        },
    ),
}

_MOST_COMMANDS = 300
_MOST_REPEATS = 8
_MOST_BYTES = 16384  # of all answers, for they are kept: some ten times what a card has to say

_STEPS = ("emv.kernel.", "emv.contactless.", "emv.certificates.", "emv.cap.")
_OURS = ("kernel.", "contactless.", "cap.")
_loaded: dict[str, Callable] = {}


def begin(transaction: Transaction, table: dict[str, dict[str, str]] = CONTACT) -> Action:
    """Start a contact transaction: the card is powered, nothing has been sent yet. `table`: of what is no payment."""
    transaction.table = table
    transaction.step = "kernel.application_selection"
    return _run(transaction, None)


def begin_contactless(transaction: Transaction) -> Action:
    """Start a contactless transaction: a card is in the field. Raises ProfileFault for a kernel that is not known."""
    for application in transaction.profile.contactless_applications():
        if application.kernel not in KERNELS:
            raise ProfileFault("profile_kernel_unknown")
    transaction.contactless = True
    transaction.step = _ENTRY_POINT
    return _run(transaction, None)


def advance(transaction: Transaction, reply: Any) -> Action:
    """Go on with the reply to the last action. Raises FlowFault after the end."""
    if not transaction.step:
        raise FlowFault("flow_finished")
    if transaction.pending is None:
        return _run(transaction, reply)
    if reply is None:
        return _lose(transaction)
    try:
        more = _receive(transaction, reply)
    except CardFault as fault:
        return _fail(transaction, fault)
    if more is not None:
        transaction.pending = more
        return Send(more)
    data = transaction.received
    transaction.pending = None
    transaction.received = b""
    transaction.repeats = 0
    return _run(transaction, (data, reply[1] << 8 | reply[2]))


def _lose(transaction: Transaction) -> Action:
    """The card was taken away, or is silent."""
    if "torn" in _moves(transaction):
        transaction.pending = None
        transaction.received = b""
        transaction.repeats = 0
        return _run(transaction, (b"", 0))
    transaction.note("card_lost")
    return _finish(transaction, "try_again" if transaction.contactless else "end_application")


def release(*kept: str) -> None:
    """Forget the steps but `kept`, which are loaded again when needed. Needs no memory to speak of."""
    name = _step_but(kept)
    while name:
        del sys.modules[name]
        package, _, module = name.rpartition(".")
        if hasattr(sys.modules[package], module):  # the package refers to it too
            delattr(sys.modules[package], module)
        name = _step_but(kept)
    for name in list(_loaded):
        if name not in kept:
            del _loaded[name]


def _step_but(kept: tuple[str, ...]) -> str:
    """A module of the kernel that is loaded: a step, or what a step is made of."""
    for name in sys.modules:
        if name.startswith(_STEPS) and name != __name__ and name[len("emv.") :] not in kept:
            return name
    return ""


def _receive(transaction: Transaction, reply: tuple) -> bytes | None:
    """Note one exchange; gives the command that fetches the rest of the answer where there is one."""
    data, sw1, sw2 = reply[:3]
    if not transaction.received and not transaction.repeats:
        transaction.elapsed = 0
    transaction.elapsed += reply[3] if len(reply) > 3 else 0
    command = transaction.pending or b""
    transaction.exchange.append((command, bytes(data) + bytes((sw1, sw2))))
    if len(transaction.exchange) > _MOST_COMMANDS:
        raise CardFault("too_many_commands")
    transaction.volume += len(data)
    if transaction.volume > _MOST_BYTES:
        raise CardFault("too_much_data")
    if len(data) > 256:
        raise CardFault("response_too_long")
    transaction.received = transaction.received + data if transaction.received else data
    if sw1 != 0x61 and (sw1 != 0x6C or not apdu.has_length(command) or command[-1] == sw2):
        return None
    transaction.repeats += 1
    if transaction.repeats > _MOST_REPEATS:
        raise CardFault("too_many_repeats")
    return apdu.get_response(sw2) if sw1 == 0x61 else apdu.with_length(command, sw2)


def _run(transaction: Transaction, reply: Any) -> Action:
    try:
        while True:
            result = load(transaction.step)(transaction, reply)
            if isinstance(result, Send):
                transaction.pending = result.command
                return result
            if not isinstance(result, str):
                return result
            following = _moves(transaction)[result] or _kernel(transaction)[0]
            if following in NAMES:
                return _finish(transaction, following)
            left, transaction.step = transaction.step, following
            transaction.progress = None
            if transaction.frugal:
                _make_room(transaction, left)
            reply = None
    except CardFault as fault:
        return _fail(transaction, fault)


def _make_room(transaction: Transaction, left: str) -> None:
    """A step that was left does not come back. A chip waits for code to load, a tap keeps what is loaded."""
    if not transaction.contactless:
        release(transaction.step)
    elif transaction.step != _ENTRY_POINT:
        release(*[step for step in _kernel(transaction)[1] if step != left])


def _moves(transaction: Transaction) -> dict[str, str]:
    """What follows each result of the step that the transaction is in."""
    if not transaction.contactless:
        return transaction.table[transaction.step]
    if transaction.step == _ENTRY_POINT:
        return ENTRY_POINT
    return _kernel(transaction)[1][transaction.step]


def _kernel(transaction: Transaction) -> tuple[str, dict[str, dict[str, str]]]:
    application = transaction.application
    if application is None or application.kernel is None:
        raise FlowFault("application_not_selected")
    return KERNELS[application.kernel]


def tap_steps(profile: Profile) -> list[str]:
    """What is loaded before a card is there: the kernel of the first application, which is the merchant's first choice,
    and no other. All of them would take twice the memory, none would cost each tap the time to load one."""
    steps = [_ENTRY_POINT]
    for application in profile.contactless_applications()[:1]:
        steps += list(KERNELS[application.kernel or 0][1])
    return steps


def load(name: str) -> Callable[[Transaction, Any], Action | str]:
    """The function of a step, which is loaded where it is not yet."""
    decide = _loaded.get(name)
    if decide is None:
        module = "emv." + name if name.startswith(_OURS) else name
        decide = __import__(module, None, None, ("decide",)).decide
        _loaded[name] = decide
    return decide


def _fail(transaction: Transaction, fault: CardFault) -> Finish:
    transaction.note(fault.why, fault.tags, 0, transaction.latest)
    return _finish(transaction, "end_application")


def _finish(transaction: Transaction, name: str) -> Finish:
    why = transaction.trace[-1][1]
    transaction.step = ""
    transaction.pending = None
    if transaction.contactless:
        return Finish(contactless(name, why, transaction))
    return Finish(Outcome(name, why, transaction.cvm))
