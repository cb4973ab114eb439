"""What happens in a shop on one day, drawn from the seed: the operations, and which families of faults are about."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tools.simulation.faults import FAMILIES

WALLET = (
    ("cb_visa_debit", "contact"),
    ("cb_visa_debit", "contactless"),
    ("visa_credit", "contact"),
    ("visa_credit", "contactless"),
    ("mastercard_credit", "contact"),
    ("phone_wallet", "contactless"),
    ("mastercard_wallet", "contactless"),
    ("declined", "contact"),
)
_TAP_LIMIT_MINOR = 5000


@dataclass(frozen=True)
class Operation:
    """`pause_s` goes before it. `card` and `interface` are the customer's."""

    kind: str  # sale, reboot, restart, quiet
    pause_s: float
    amount_minor: int = 0
    card: str = ""
    interface: str = ""


@dataclass(frozen=True)
class Story:
    seed: int
    operations: tuple[Operation, ...]
    families: tuple[str, ...]  # of faults


def draw(seed: int, allowed: tuple[str, ...]) -> Story:
    """No two operations are of the same amount, so that an amount names its sale."""
    chance = Random(f"story {seed}")
    amounts = iter(chance.sample(range(100, 30000), 40))
    operations = tuple(_operation(chance, next(amounts)) for _ in range(chance.randrange(4, 10)))
    count = chance.randrange(len(FAMILIES) + 1)
    families = tuple(family for family in chance.sample(FAMILIES, count) if family in allowed)
    return Story(seed, operations, families)


def _operation(chance: Random, amount_minor: int) -> Operation:
    pause_s = chance.uniform(0.5, 3)
    if chance.random() < 0.05:
        return Operation("reboot", pause_s)
    if chance.random() < 0.05:
        return Operation("restart", pause_s)
    card, interface = chance.choice(WALLET)
    if interface == "contactless" and amount_minor > _TAP_LIMIT_MINOR:
        amount_minor %= _TAP_LIMIT_MINOR  # may meet another: one in some thousands, and then both have to be kept
        amount_minor += 100
    return Operation("sale", pause_s, amount_minor, card, interface)
