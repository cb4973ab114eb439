"""Some thousands of generated hostile cards; `make fuzz` drives 50,000 others. Both runtimes come to the same."""

from __future__ import annotations

import pytest

from tests.conformance.crashers import CRASHERS, Crasher
from tests.fuzz import __main__ as fuzz
from tools.micropython import interpreter


@pytest.mark.covers("attacks/C-18")
def test_hostile_cards_come_to_an_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    """With a bounded heap under MicroPython, which is as it was after each card."""
    account = fuzz.fuzz(0, 4000)
    with capsys.disabled():
        print("\n" + "\n".join(fuzz.summary(account)))
    assert account.faults == []
    assert account.cards["cpython"] == 4000
    assert len(account.rules) > 120  # they get far


@pytest.mark.skipif(interpreter() is None, reason="no MicroPython wheel for this machine")
def test_both_runtimes_decide_the_same() -> None:
    account = fuzz.fuzz(70000, 500, digests=True, every_card_on_both=True)
    assert account.faults == []
    assert len(account.digests["cpython"]) == 500
    assert account.digests["micropython"] == account.digests["cpython"]


@pytest.mark.covers("attacks/C-18")
@pytest.mark.parametrize("crasher", CRASHERS, ids=lambda crasher: crasher.name)
def test_what_made_the_kernel_raise_once(crasher: Crasher) -> None:
    assert crasher.play() == (crasher.outcome, crasher.why)
