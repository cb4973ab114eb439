"""A kernel step by itself: a transaction with the data it needs, and a card that answers from a table."""

from __future__ import annotations

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, Send
from emv.kernel import flow
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction

CLOCK = (2026, 11, 21, 14, 5, 9)
AID = bytes.fromhex("A0000000031010")
TERMINAL = {
    0x9F33: bytes.fromhex("60E8C8"),
    0x9F35: b"\x22",
    0x9F40: bytes.fromhex("6000F0A001"),
    0x9F1A: b"\x02\x50",
    0x5F2A: b"\x09\x78",
}


def entered(
    step: str, data: dict, amount: int = 1250, kind: int = 0, profile: Profile = None, **parameters
) -> Transaction:
    """A transaction that stands before `step` with `data` (tag -> hex) from its card."""
    application = Application(AID, b"\x00\x8c", True, None, Parameters(**parameters))
    profile = profile or Profile("test", dict(TERMINAL), [application])
    transaction = Transaction(profile, Request(amount, CLOCK, transaction_type=kind), bytes)
    transaction.enter(application)
    transaction.exchange.append((b"", b"\x90\x00"))
    transaction.bring([(tag, bytes.fromhex(value)) for tag, value in data.items()], 1)
    transaction.step = step
    return transaction


def decide(transaction: Transaction, reply: object = None) -> object:
    module = __import__("emv." + transaction.step, None, None, ("decide",))
    return module.decide(transaction, reply)


def tvr(transaction: Transaction) -> str:
    return transaction.data[0x95].hex()


def rules(transaction: Transaction) -> list:
    return [rule for _, rule, _, _, _ in transaction.trace]


class TableCard:
    """Answers by the beginning of the command (hex), the longest that fits; what is not listed is not found."""

    def __init__(self, answers: dict) -> None:
        self.answers = answers
        self.commands = []

    def transmit(self, command: bytes) -> tuple:
        sent = command.hex().upper()
        self.commands.append(sent)
        best = ""
        for beginning in self.answers:
            if sent.startswith(beginning) and len(beginning) > len(best):
                best = beginning
        answer = bytes.fromhex(self.answers.get(best, "6A82"))
        return answer[:-2], answer[-2], answer[-1]


def run(transaction: Transaction, card: TableCard, replies: list = (), contactless: bool = False) -> object:
    """To the end; `replies` are for whatever is no Send, in their order."""
    replies = list(replies)
    action = flow.begin_contactless(transaction) if contactless else flow.begin(transaction)
    asked = []
    while not isinstance(action, Finish):
        if isinstance(action, Send):
            action = flow.advance(transaction, card.transmit(action.command))
        else:
            assert isinstance(action, (ChooseApplication, EnterPin, GoOnline))
            asked.append(action)
            action = flow.advance(transaction, replies.pop(0))
    transaction.asked = asked
    return action.outcome
