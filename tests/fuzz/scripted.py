"""A card whose answers are written down: one after the other to whatever it is asked, the last again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send, VerifyPin
from emv.kernel import flow
from emv.outcome import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from emv.action import Action
    from emv.transaction import Transaction

MOST_COMMANDS = 301
_ISSUER = (b"00", bytes(8), [bytes.fromhex("7206860400000000")])


def play(transaction: Transaction, action: Action, answers: Sequence[bytes], pin: tuple[int, int] = (0x90, 0)) -> str:
    """The name of the outcome, from the first action of a transaction on. An answer of no bytes: the card is gone."""
    sent = 0
    while not isinstance(action, Finish):
        reply: Any = 0
        if isinstance(action, Send):
            answer = answers[min(sent, len(answers) - 1)]
            sent += 1
            assert sent <= MOST_COMMANDS and 4 <= len(action.command) <= 261
            reply = (answer[:-2], answer[-2], answer[-1]) if answer else None
        elif isinstance(action, (EnterPin, VerifyPin)):
            reply = PinEntry("entered", *pin)
        elif isinstance(action, GoOnline):
            reply = IssuerAnswer(*_ISSUER)
        else:
            assert isinstance(action, ChooseApplication)
        action = flow.advance(transaction, reply)
    assert action.outcome.name in NAMES and action.outcome.why
    return action.outcome.name
