"""Every simulated card, paid with on each interface: the trace that leaves the reader gives nothing of its holder."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from firmware.flows import trace
from tests.support.leak import pan_traces, pin_traces, recover_pan_from_rsa
from tests.support.simulated_payment import Counter
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer

SIDES = [
    (name, interface, t0)
    for name in personalisation.names()
    for interface in ("contact", "contactless")
    for t0 in ((False, True) if interface == "contact" else (False,))
    if getattr(personalisation.load(name), interface)
]


@pytest.mark.covers("attacks/P-03")
@pytest.mark.parametrize(("name", "interface", "t0"), SIDES)
def test_a_told_trace_has_neither_number_nor_name_nor_pin(name: str, interface: str, t0: bool) -> None:
    card = SimulatedCard(personalisation.load(name), t0)
    paid = Counter(Issuer(lambda: datetime.date(2026, 11, 21)), card.pin).pay(card, interface)
    exchange = paid.transaction.exchange
    payment = SimpleNamespace(transaction=paid.transaction, card=paid.transaction, times_ms=[1] * len(exchange))
    told = b"".join(bytes(part) for part in trace.encode(payment))
    raw = b"".join(command + response for command, response in exchange)
    person = card.personalisation
    assert pan_traces(raw, person.pan), "the card itself says its number, or this test proves nothing"
    assert pan_traces(told, person.pan) == []
    assert recover_pan_from_rsa(told) == []
    assert not person.holder or person.holder.encode() not in told
    assert person.track2 not in told
    assert not card.pin or pin_traces(told, card.pin) == []
