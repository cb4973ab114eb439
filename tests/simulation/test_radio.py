"""A few stories on MicroPython over the emulated radio, with the engine, and processes that are killed."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests.simulation.simulate import simulate
from tools.micropython import interpreter
from tools.simulation.radio.command import contradictions

LONGEST_S = 300  # where the machine has a lot else to do
LAST_LINE = r"seeds 2 sales (\d+) lost 0 double 0 orphan 0"


@pytest.mark.skipif(interpreter() is None, reason="no MicroPython on this machine")
@pytest.mark.timeout(LONGEST_S)
@pytest.mark.parametrize("faults", ["none", "all"])
def test_stories_end_on_the_radio_as_in_one_process(faults: str) -> None:
    options = ("--radio", "--seeds", "2", "--workers", "1", "--faults", faults)
    status, said = simulate(*options, deadline_s=LONGEST_S)
    assert re.fullmatch(LAST_LINE, said.splitlines()[-1]), said
    assert status == 0, said


def line(kind: str, amount_minor: int, state: str) -> Any:
    """As tools/simulation/model.py has it, which knows the firmware."""
    return SimpleNamespace(kind=kind, amount_minor=amount_minor, paid_minor=amount_minor, state=state)


def test_a_payment_that_ends_otherwise_on_the_radio_is_told() -> None:
    sale, refund = line("purchase", 1761, "approved"), line("refund", 706, "approved")
    assert contradictions([sale, refund], [refund, sale]) == []
    declined = line("purchase", 1761, "declined")
    assert contradictions([sale, refund], [declined]) == [
        "706: [('refund', 706, 'approved')] in one process, None on the radio",
        "1761: [('purchase', 1761, 'approved')] in one process, [('purchase', 1761, 'declined')] on the radio",
    ]
    assert len(contradictions([sale], [sale, sale])) == 1
