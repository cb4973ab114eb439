"""How a transaction ended, in the words of EMV Contactless Book A, 6.2; contact uses the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emv.transaction import Transaction

NAMES = (
    "approved",
    "declined",
    "online",
    "another_interface",
    "another_card",
    "end_application",
    "select_next",
    "try_again",
)

# Book A, table 6-2: where a new try starts, the messages on the outcome, and on the restart (table 9-3).
_CONTACTLESS = {
    "approved": ("none", ("03",), ()),
    "declined": ("none", ("07",), ()),
    "online": ("none", ("1B",), ()),
    "another_interface": ("none", ("18",), ()),
    "another_card": ("none", ("1C",), ()),
    "end_application": ("none", ("1C",), ()),
    "select_next": ("C", (), ()),
    "try_again": ("B", (), ("21",)),
}


class Outcome:
    """`name` of NAMES; `why` is the rule of data/rules.csv that decided.

    `cvm`: "none" "online_pin" "offline_pin" "signature" "on_device"; with "online_pin" and a contactless "online" the
    terminal still has to ask for the PIN. Of contactless alone are `start` ("A" to "D" or "none"), `ui` and
    `restart_ui` (identifiers of the messages on outcome and on restart) and `field_off_ms`, for how long the field is
    to be off before the restart.
    """

    def __init__(
        self,
        name: str,
        why: str,
        cvm: str = "none",
        start: str = "none",
        ui: tuple[str, ...] = (),
        restart_ui: tuple[str, ...] = (),
        field_off_ms: int = 0,
    ) -> None:
        self.name = name
        self.why = why
        self.cvm = cvm
        self.start = start
        self.ui = ui
        self.restart_ui = restart_ui
        self.field_off_ms = field_off_ms


def contactless(name: str, why: str, transaction: Transaction) -> Outcome:
    """The outcome with the start and the messages that Book A gives it, unless the kernel says otherwise.

    End Application with the message "insert, swipe or try another card" has a name of its own.
    """
    start, ui, restart_ui = _CONTACTLESS[name]
    if transaction.cvm == "signature" and name == "approved":
        ui = ("1A",)
    if transaction.messages is not None:
        ui = transaction.messages
    if transaction.restart_messages is not None:
        restart_ui = transaction.restart_messages
    if name == "end_application" and ui == ("1C",):
        name = "another_card"
    return Outcome(name, why, transaction.cvm, transaction.start or start, ui, restart_ui, transaction.field_off_ms)
