"""The table of payment states: what it allows, and what it never does."""

from __future__ import annotations

import pytest

from host.payment.errors import IllegalMove
from host.payment.states import ENDS, MOVES, NOT_PAID, UNFINISHED, Asked, State, end_of, move


def test_every_state_is_in_the_table_and_ends_stay_ends() -> None:
    assert set(MOVES) == set(State)
    for state in set(State) - UNFINISHED:
        assert MOVES[state] == frozenset()
    assert NOT_PAID.issubset(set(State) - UNFINISHED)


@pytest.mark.parametrize("current", list(State))
def test_an_illegal_move_raises(current: State) -> None:
    for wanted in set(State) - MOVES[current]:
        with pytest.raises(IllegalMove):
            move(current, wanted)


@pytest.mark.parametrize("outcome", list(ENDS))
@pytest.mark.parametrize("asked", list(Asked))
def test_approved_takes_the_reader_and_no_refusal_of_the_acquirer(outcome: str, asked: Asked) -> None:
    end = end_of(outcome, asked)
    assert (end is State.APPROVED) == (outcome == "approved" and asked is not Asked.DECLINED)


@pytest.mark.covers("faults/R-02")
@pytest.mark.parametrize("outcome", ["declined", "cancelled"])
def test_what_the_acquirer_may_have_approved_is_reversed(outcome: str) -> None:
    assert end_of(outcome, Asked.ASKED) is State.REVERSAL_DUE
    assert end_of(outcome, Asked.APPROVED) is State.REVERSAL_DUE
    assert end_of(outcome, Asked.DECLINED) is ENDS[outcome]
    assert end_of(outcome, Asked.NOT_ASKED) is ENDS[outcome]


def test_an_approval_against_the_acquirer_is_for_a_person_to_look_at() -> None:
    assert end_of("approved", Asked.DECLINED) is State.UNKNOWN
