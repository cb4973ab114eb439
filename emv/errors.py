"""What can go wrong in the kernel. The flow turns a CardFault into an outcome; nothing else is caught.

EmvError
|- CardFault      they did wrong: what the card sent breaks the books
|  `- NotAuthentic  a certificate or a signature does not hold: data authentication turns it into a TVR bit
`- Misuse         we did wrong
   |- ProfileFault  the terminal's configuration is not valid
   `- FlowFault     the flow was driven out of turn
"""

from __future__ import annotations


class EmvError(Exception):
    """Base of all; `why` is a rule of data/rules.csv, never data of a card."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CardFault(EmvError):
    """`tags`: the objects that show it, for the trace."""

    def __init__(self, why: str, tags: tuple[int, ...] = ()) -> None:
        super().__init__(why)
        self.tags = tags


class NotAuthentic(CardFault):
    pass


class Misuse(EmvError):
    pass


class ProfileFault(Misuse):
    """`place` is where in a profile file: "applications[2].tac_denial"; `why` is then what is wrong there, in words."""

    def __init__(self, why: str, place: str = "") -> None:
        super().__init__(why)
        self.place = place

    def __str__(self) -> str:
        return self.place + ": " + self.why if self.place else self.why


class FlowFault(Misuse):
    pass
