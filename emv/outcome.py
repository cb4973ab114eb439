"""How a transaction ended, in the words of EMV Contactless Book A, 6.2; contact uses the same names."""

from __future__ import annotations

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

# Book A, table 6-2 is what these come from: where a new try starts, and the messages for the cardholder.
_CONTACTLESS = {
    "approved": ("none", ("03",)),
    "declined": ("none", ("07",)),
    "online": ("none", ("1B",)),
    "another_interface": ("none", ("18",)),
    "another_card": ("none", ("1C",)),
    "end_application": ("none", ("1C",)),
    "select_next": ("C", ()),
    "try_again": ("B", ("20",)),
}


class Outcome:
    """`name` of NAMES; `why` is the rule of data/rules.csv that decided.

    `cvm`: "none" "online_pin" "offline_pin" "signature" "on_device"; with "online_pin" and a contactless "online" the
    terminal still has to ask for the PIN. `start` ("A" to "D" or "none") and `ui` (message identifiers) are
    of contactless alone.
    """

    def __init__(self, name: str, why: str, cvm: str = "none", start: str = "none", ui: tuple[str, ...] = ()) -> None:
        self.name = name
        self.why = why
        self.cvm = cvm
        self.start = start
        self.ui = ui


def contactless(
    name: str, why: str, cvm: str = "none", start: str | None = None, ui: tuple[str, ...] | None = None
) -> Outcome:
    """The outcome with the start and the messages that Book A gives it, unless the kernel says otherwise."""
    usual_start, usual_ui = _CONTACTLESS[name]
    if cvm == "signature" and name == "approved":
        usual_ui = ("1A",)
    return Outcome(name, why, cvm, start or usual_start, usual_ui if ui is None else ui)
