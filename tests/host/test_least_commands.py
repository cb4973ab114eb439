"""No command can be left out: each simulated card is asked as often as its own answers make necessary (bench, too)."""

from __future__ import annotations

import datetime

import pytest

from tests.support.simulated_payment import Counter
from tools.bench.least_commands import least
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer

SIDES = [
    (name, side)
    for name in personalisation.names()
    for side in ("contact", "contactless")
    if getattr(personalisation.load(name), side)
]


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_each_card_is_asked_as_often_as_needed(name: str, side: str) -> None:
    card = SimulatedCard(personalisation.load(name))
    bank = Issuer(lambda: datetime.date(2026, 11, 21))
    payment = Counter(bank, card.pin).pay(card, side)
    reasons = least(payment.transaction)
    assert payment.apdus == sum(reasons.values()), (reasons, [c.hex() for c, _ in payment.transaction.exchange])
