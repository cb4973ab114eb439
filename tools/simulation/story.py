"""What happens in a shop on one day, drawn from the seed: the operations, and which families of faults are about.

An amount names its payment, so no two of a story are equal: each kind has a range of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from random import Random

from tools.simulation.faults import FAMILIES, Aim

# card, interface; cards of tools/simulation/wallet.py
TAPS = (("cb_visa_debit", "contactless"), ("visa_credit", "contactless"), ("phone_wallet", "contactless"),
        ("mastercard_wallet", "contactless"), ("taps_used_up", "contactless"))  # fmt: skip
CHIPS = (("cb_visa_debit", "contact"), ("visa_credit", "contact"), ("mastercard_credit", "contact"))
PREPAID_CARD = ("prepaid", "contact")
ODD = (("declined", "contact"), PREPAID_CARD, ("signs", "contact"), ("expired", "contact"))

SALES = range(1000, 5000)  # below the limit without PIN
REFUNDS = range(500, 1000)
TIPPED = range(5200, 9000, 100)  # totals are no multiples of 100, or another range
HELD = range(10_000, 20_000, 100)
PREPAID = 477  # what is on that card: less than anybody asks for
SHORT_SEGMENTS = (32, 48)  # records of the reader's journal in one file: so that days are purged within a story
LONG_SEGMENT = 127  # as it ships
FIRST_DAY = date(2026, 3, 2)
# Nights on which clocks change, 29 February, and ends of months and of a year: the day before
DAYS = (date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2027, 10, 30), date(2028, 2, 28),
        date(2026, 4, 30), date(2026, 12, 31), date(2027, 2, 28))  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """`pause_s` goes before it. `of`: the place of the operation that it is about. `card` and `interface` are the
    customer's. counter: at which till it is done, from 0. at_once: what struck before it is still about (coverage.py).
    struck: faults that strike meanwhile, whatever the families. tries: how often the merchant asks for an end.
    beside_s: after which the other till is asked, too, where that is the fault."""

    kind: str  # a method of merchant.py
    pause_s: float
    amount_minor: int = 0
    card: str = ""
    interface: str = ""
    of: int = -1
    counter: int = 0
    at_once: bool = False
    struck: tuple[Aim, ...] = ()
    tries: int = 3
    beside_s: float = 0


AFTER = (Operation("sale", 1, 50_02, "cb_visa_debit", "contact"),)  # all must be usable again (I7)


@dataclass(frozen=True)
class Story:
    """Faults strike in `operations`; what comes before and after is undisturbed."""

    seed: int
    operations: tuple[Operation, ...]
    families: tuple[str, ...]  # of faults
    before: tuple[Operation, ...] = ()
    after: tuple[Operation, ...] = AFTER
    counters: int = 1  # each has a till and a reader
    segment: int = LONG_SEGMENT  # of the readers' journals, in records
    day: int | None = None  # on which it begins, from FIRST_DAY; unless told, the seed says
    often: float = 1  # how much more often than FAULTS says a place is struck


class _Author:
    def __init__(self, seed: int) -> None:
        self.chance = Random(f"story {seed}")
        self.operations: list[Operation] = []
        self.counters = self.chance.choice((1, 1, 1, 2))
        ranges = {"sale": SALES, "refund": REFUNDS, "tipped": TIPPED, "held": HELD}
        self._amounts = {
            name: iter(self.chance.sample(amounts, min(80, len(amounts)))) for name, amounts in ranges.items()
        }

    def add(self) -> None:
        kind = self.chance.choices(tuple(KINDS), tuple(KINDS.values()))[0]
        counter = self.chance.randrange(self.counters)
        write = getattr(self, "_" + kind, partial(Operation, kind))
        self.operations.append(replace(write(self.chance.uniform(0.2, 1.0)), counter=counter))

    def _card(self, *wallets: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        return self.chance.choice(self.chance.choice(wallets))

    def _sale(self, pause_s: float) -> Operation:
        card = self._card(TAPS, TAPS, CHIPS, CHIPS, ODD)
        if card == PREPAID_CARD and any(known.card == card[0] for known in self.operations):
            card = CHIPS[0]  # it pays the same part each time
        return Operation("sale", pause_s, next(self._amounts["sale"]), *card)

    def _tipped(self, pause_s: float) -> Operation:
        return Operation("tipped", pause_s, next(self._amounts["tipped"]), *self._card(CHIPS))

    def _offline(self, pause_s: float) -> Operation:
        return Operation("offline", pause_s, next(self._amounts["sale"]), "offline", "contact")

    def _preauthorise(self, pause_s: float) -> Operation:
        return Operation("preauthorise", pause_s, next(self._amounts["held"]), *self._card(CHIPS))

    def _refund(self, pause_s: float) -> Operation:
        """Of no sale: by the merchant's code."""
        sale = self._earlier("sale")
        card = (sale.card, sale.interface) if sale else self._card(CHIPS)
        return Operation("refund", pause_s, next(self._amounts["refund"]), *card, self._place(sale))

    def _void(self, pause_s: float) -> Operation:
        earlier = self._earlier("sale", "tipped", "offline", "preauthorise", "refund")
        return Operation("void", pause_s, of=self._place(earlier))

    def _complete(self, pause_s: float) -> Operation:
        held = self._earlier("preauthorise")
        amount_minor = self._part(held.amount_minor) if held else 0
        return Operation("complete", pause_s, amount_minor, of=self._place(held))

    def _part(self, held_minor: int) -> int:
        """None of it, a half, all, or more; it ends as no other amount does."""
        share = self.chance.choice((0, 0.5, 1, 1.1, 1.5))
        if not share:
            return 0
        more = self.chance.randrange(1, 50)
        return int(held_minor * share) + more // 10 * 10 + 4 + more % 6

    def _earlier(self, *kinds: str) -> Operation | None:
        return self.chance.choice([None] + [known for known in self.operations if known.kind in kinds])

    def _place(self, operation: Operation | None) -> int:
        return self.operations.index(operation) if operation is not None else -1


KINDS = {"sale": 60, "tipped": 5, "offline": 4, "preauthorise": 7, "complete": 8, "refund": 6, "void": 9, "collect": 4,
         "evening": 1, "reboot": 3, "restart": 3, "night": 1.5, "holidays": 0.7, "destroy": 0.7, "heed": 2}  # fmt: skip


def draw(seed: int, allowed: tuple[str, ...], lengths: tuple[int, int] = (16, 64)) -> Story:
    """`lengths`: from how many operations to less than how many."""
    author = _Author(seed)
    for _ in range(author.chance.randrange(*lengths)):
        author.add()
    count = author.chance.randrange(len(FAMILIES) + 1)
    families = tuple(family for family in author.chance.sample(FAMILIES, count) if family in allowed)
    day = author.chance.choice(DAYS) - FIRST_DAY if author.chance.random() < 0.25 else None
    return Story(
        seed,
        tuple(author.operations),
        families,
        after=tuple(_last(counter) for counter in range(author.counters)),
        counters=author.counters,
        segment=author.chance.choice(SHORT_SEGMENTS),
        day=day.days if day else None,
        often=author.chance.choice((0.3, 1, 1, 3)),
    )


def _last(counter: int) -> Operation:
    return replace(AFTER[0], amount_minor=AFTER[0].amount_minor + counter, counter=counter)
