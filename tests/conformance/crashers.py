"""What made the kernel raise, hang or keep memory once, by name: a card's answers, and what they come to now.

Whatever `make fuzz` finds is added, with as few bytes as do it.
"""

from __future__ import annotations

from dataclasses import dataclass

from emv.kernel import flow
from emv.transaction import Request, Transaction
from tests.fuzz import scripted
from tools import profiles

_REQUEST = Request(1250, (2026, 11, 21, 12, 0, 0))
_PPSE = "6F20840E325041592E5359532E4444463031A50EBF0C0B61094F07A0000000031010" + "9000"
_VISA = "6F118407A0000000031010A5069F38039F6604" + "9000"
_EVERY_RECORD = "770E" + "82022000" + "9408" + "0801FF00" + "1001FF00" + "9000"


@dataclass(frozen=True)
class Crasher:
    """`answers`: one after the other to whatever is asked, the last again and again; `went_wrong`: what it did."""

    name: str
    interface: str
    answers: tuple[str, ...]
    went_wrong: str
    outcome: str
    why: str

    def play(self) -> tuple[str, str]:
        """The outcome and the rule that decided it."""
        transaction = Transaction(profiles.france(), _REQUEST, bytes)
        begin = flow.begin_contactless if self.interface == "contactless" else flow.begin
        name = scripted.play(transaction, begin(transaction), [bytes.fromhex(answer) for answer in self.answers])
        return name, transaction.trace[-1][1]


CRASHERS = [
    Crasher(
        "records_without_end",
        "contactless",
        (_PPSE, _VISA, _EVERY_RECORD, "7081FC" + "00" * 252 + "9000"),
        "each of 510 records was kept: the heap of the reader was full before the limit on commands was reached",
        "another_card",
        "too_much_data",
    ),
]
