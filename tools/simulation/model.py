"""The oracle: what the cardholder saw and the merchant asked for, held against the acquirer's own ledger.

It knows nothing of the product but what people see of it: screens, and what the till says of its payments. No two
payments of a story have the same amount, so an amount names its payment. faults/FM-8, FM-9, invariants I1 to I7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from host.payment.model import Payment
from tools.simulation.people import ENDS, amount_of
from tools.simulation.story import PREPAID
from tools.simulators.acquirer.simulator import Entry

HOLDS = "preauthorise"
KEPT = ("approved",)  # of the till's states
OPEN = ("requested", "in_progress", "authorising", "unknown", "voiding", "completing", "reversal_due")

Failure = tuple[int, str]  # an amount, which names the payment, and what became of it


@dataclass(frozen=True)
class TillLine:
    """Of a payment as the till tells it. `paid_minor`: what was paid, tip and all."""

    kind: str
    amount_minor: int
    paid_minor: int
    state: str


@dataclass
class Verdict:
    sales: int = 0
    lost: list[Failure] = field(default_factory=list)
    double: list[Failure] = field(default_factory=list)
    orphan: list[Failure] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.orphan)


class Model:
    def __init__(self) -> None:
        self._asked: dict[int, str] = {}  # what for, by amount
        self._approved: set[int] = set()  # amounts on screens that said so
        self._completions: set[int] = set()
        self._due: list[int] = []
        self._listed: set[int] = set()
        self._at: dict[int, list[int]] = {}  # by counter: asked for there since its reader last showed an end
        self._unseen: set[int] = set()  # when a reader was destroyed

    def asked(self, kind: str, amount_minor: int, counter: int = 0) -> None:
        self._asked[amount_minor] = kind
        self._at.setdefault(counter, []).append(amount_minor)

    def completes(self, amount_minor: int) -> None:
        """Of a pre-authorisation, with nobody at the reader: if it is kept, the till says so."""
        self._completions.add(amount_minor)

    def must_be_approved(self, amount_minor: int) -> None:
        """Without faults and with a good card (I7)."""
        self._due.append(amount_minor)

    def saw(self, amount_minor: int) -> bool:
        return amount_minor in self._approved

    def listed(self, payment: Payment | None) -> None:
        """The till says that it has no copy of it, and its reader is no more: a person asks that customer again."""
        if payment is not None:
            total, tip = payment.amount.amount_minor, payment.amount.amount_minor // 10
            self._listed |= {total, total + tip, payment.paid.amount_minor, PREPAID}

    def destroyed(self, counter: int) -> None:
        """What was at that reader when it lost its power it never shows the end of: if the till kept it, it is paid."""
        for amount in self._at.pop(counter, []):
            self._unseen |= {amount, amount + amount // 10}

    def sees(self, prompt: str, text: str, counter: int = 0) -> None:
        amount_minor = amount_of(text)
        if prompt in ENDS:
            self._ended(amount_minor, self._at.get(counter, []))
        elif amount_minor == PREPAID:  # all that is on that card: what is paid of what was asked for
            self._at.setdefault(counter, []).append(PREPAID)
        if prompt == "approved" and amount_minor is not None and self._asked.get(amount_minor) != HOLDS:
            self._approved.add(amount_minor)

    def _ended(self, amount_minor: int | None, waiting: list[int]) -> None:
        """A reader ends one payment after the other, and shows after each start how the last one did."""
        for place, amount in enumerate(waiting):
            if amount_minor in (amount, amount + amount // 10):
                del waiting[: place + 1]
                return

    def judge(
        self, ledger: Iterable[Entry], holds: Iterable[Entry], refused: Iterable[str], till: list[TillLine]
    ) -> Verdict:
        """`holds`: what the acquirer still keeps and should not. `refused`: why it refused authorisations."""
        verdict = Verdict(sales=len(self._asked))
        entries = [entry for entry in ledger if entry.captured]
        self._every_kept_one_is_captured(verdict, entries, till)
        self._nothing_else_is(verdict, entries)
        self._till_and_batch_agree(verdict, entries, till)
        for entry in holds:
            verdict.orphan.append((entry.authorised_minor, "is held by the acquirer, and nobody will ever ask for it"))
        for line in till:
            if line.state in OPEN:
                verdict.orphan.append((line.amount_minor, f"the till says {line.state}"))
        for amount in self._due:
            if amount not in self._approved:
                verdict.orphan.append((amount, "was not approved: reader or till cannot be used (I7)"))
        for why in refused:
            if why == "key_used_before":
                verdict.double.append((0, "a key was used twice (I6)"))
        return verdict

    def _cancelled(self, till: list[TillLine]) -> set[int]:
        return {line.paid_minor for line in till if line.state == "voided"}

    def _every_kept_one_is_captured(self, verdict: Verdict, entries: list[Entry], till: list[TillLine]) -> None:
        """I1, I2, I3: in one batch, at the amount that was shown."""
        captured = Counter(entry.captured_minor for entry in entries)
        for amount in sorted(self._approved - self._cancelled(till)):
            if not captured[amount] and amount not in self._listed:
                verdict.lost.append((amount, "was shown as approved, and is not captured (I1)"))
            if captured[amount] > 1:
                verdict.double.append((amount, f"is captured {captured[amount]} times (I2)"))
        for amount in sorted(self._cancelled(till)):
            if captured[amount]:
                verdict.double.append((amount, "was cancelled, and is captured (I4)"))

    def _nothing_else_is(self, verdict: Verdict, entries: list[Entry]) -> None:
        """I1, I4."""
        for entry in entries:
            if entry.captured_minor not in self._approved | self._completions | self._unseen:
                verdict.double.append((entry.captured_minor, "is captured, and was never shown as approved (I1)"))
            if entry.captured > 1 or entry.presented > 1:
                verdict.double.append((entry.captured_minor, f"was in {entry.presented} batches (I3)"))
            if entry.refunded_minor > entry.captured_minor:
                verdict.double.append((entry.captured_minor, f"was refunded at {entry.refunded_minor}"))

    def _till_and_batch_agree(self, verdict: Verdict, entries: list[Entry], till: list[TillLine]) -> None:
        """I5."""
        lines = Counter(line.paid_minor for line in till if line.state in KEPT)
        batch = Counter(entry.captured_minor for entry in entries)
        for amount in sorted(set(lines - batch) - self._listed):
            verdict.lost.append((amount, "is kept by the till, and not in a batch (I5)"))
        for amount in sorted(batch - lines):
            verdict.double.append((amount, "is in a batch, and not kept by the till (I5)"))
