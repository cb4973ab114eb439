"""The oracle: what the cardholder saw and the merchant asked for, held against the acquirer's own ledger.

It knows nothing of the product but what people see of it. No two sales of a story have the same amount, so an amount
names its sale. faults/FM-8, FM-9 and the invariants I1 to I7.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tools.simulation.people import amount_of


@dataclass
class Verdict:
    """Each failure is an amount, which names the sale, and what became of it."""

    sales: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)
    double: list[tuple[int, str]] = field(default_factory=list)
    orphan: list[tuple[int, str]] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.orphan)


class Model:
    def __init__(self) -> None:
        self._asked: list[int] = []
        self._approved: set[int] = set()  # amounts shown as approved

    def asked(self, amount_minor: int) -> None:
        self._asked.append(amount_minor)

    def sees(self, prompt: str, text: str) -> None:
        amount_minor = amount_of(text)
        if prompt == "approved" and amount_minor is not None:
            self._approved.add(amount_minor)

    def judge(self, simulator: Any, books: list[Any]) -> Verdict:
        verdict = Verdict(sales=len(self._asked))
        held = [row["amount_minor"] for row in simulator.store.authorisations() if row["response_code"] == "00"]
        told = [payment.amount.amount_minor for payment in books if payment.approved]
        for amount in sorted(self._approved):
            if amount not in held or amount not in told:
                verdict.lost.append((amount, "shown as approved, and the till or the acquirer knows nothing of it"))
        for amount in sorted(set(told)):
            if told.count(amount) > 1:
                verdict.double.append((amount, "paid twice"))
        for payment in books:
            if not payment.finished:
                verdict.orphan.append((payment.amount.amount_minor, f"{payment.state} {payment.why}"))
        return verdict
