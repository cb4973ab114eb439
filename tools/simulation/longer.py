"""Stories of one kind: a busy shop for weeks (faults/R-20); a queue that is drained while it grows (faults/R-10)."""

from __future__ import annotations

from random import Random

from tools.simulation.faults import FAMILIES
from tools.simulation.story import AFTER, CHIPS, TAPS, Operation, Story

_KINDS = {"sale": 194, "void": 4, "refund": 1, "offline": 1}
_RANGES = {"sale": range(1000, 10_000), "refund": range(500, 700), "offline": range(700, 1000)}  # amounts
_PAUSES_S = (20.0, 200.0)
_STRUCK = 0.01  # of the sales, by some fault
_FAULTS_A_SALE = 3  # that strike where all families are about as often as FAULTS says
_QUEUE = 3  # offline sales, before more of them are taken while these leave


def soak(seed: int, allowed: tuple[str, ...], days: int, sales: int) -> Story:
    """So many sales a day, evening after evening; all families of faults are about, and rare."""
    author = _Author(seed)
    for _ in range(days):
        author.operations.append(Operation("until_morning", 1))
        for _ in range(sales):
            author.add()
        author.operations += [Operation("until_night", 1), Operation("heed", 1)]
    families = tuple(family for family in FAMILIES if family in allowed)
    return Story(seed, tuple(author.operations), families, often=_STRUCK / _FAULTS_A_SALE)


def drain(seed: int, allowed: tuple[str, ...]) -> Story:
    """Offline sales leave in a batch at any moment of the next ones."""
    chance = Random(f"drain {seed}")
    amounts = chance.sample(_RANGES["offline"], _QUEUE + 2)
    kinds = ("offline",) * _QUEUE + ("drain",) * 2
    operations = [
        Operation(kind, chance.uniform(0.2, 1.0), amount, "offline", "contact")
        for kind, amount in zip(kinds, amounts, strict=True)
    ]
    families = tuple(family for family in FAMILIES if family in allowed and chance.random() < 0.5)
    return Story(seed, tuple(operations), families)


class _Author:
    def __init__(self, seed: int) -> None:
        self.operations: list[Operation] = []
        self._chance = chance = Random(f"soak {seed}")
        last = {operation.amount_minor for operation in AFTER}
        self._amounts = {
            kind: iter(chance.sample(sorted({*amounts} - last), len({*amounts} - last)))
            for kind, amounts in _RANGES.items()
        }

    def add(self) -> None:
        kind = self._chance.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
        pause_s = self._chance.uniform(*_PAUSES_S)
        if kind == "void":  # of what was there before, where that can be
            self.operations.append(Operation(kind, pause_s, of=len(self.operations) - 1))
            return
        card = {"refund": CHIPS[0], "offline": ("offline", "contact")}.get(kind) or self._card()
        self.operations.append(Operation(kind, pause_s, next(self._amounts[kind]), *card))

    def _card(self) -> tuple[str, str]:
        return self._chance.choice(self._chance.choice((TAPS, CHIPS)))
