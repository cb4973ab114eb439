"""The table of a remittance (services/TC-1)."""

from __future__ import annotations

import pytest

from host.telecollection.errors import IllegalMove
from host.telecollection.states import ANSWERS, MOVES, TAKEN, UNANSWERED, State, answer_of, move


@pytest.mark.covers("services/TC-1")
def test_the_states_are_those_of_the_requirement() -> None:
    names = "OPEN SEALED SENT UNKNOWN ACKED PARTLY_REJECTED REJECTED OUT_OF_BALANCE FUNDED"
    assert [state.name for state in State] == names.split()
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("current", list(State))
def test_an_illegal_move_raises(current: State) -> None:
    for wanted in State:
        if wanted in MOVES[current]:
            assert move(current, wanted) is wanted
        else:
            with pytest.raises(IllegalMove):
                move(current, wanted)


def test_what_left_is_never_open_again_and_what_was_answered_never_leaves_again() -> None:
    for state in State:
        assert State.OPEN not in MOVES[state]
        if state not in UNANSWERED:
            assert not MOVES[state] & UNANSWERED


@pytest.mark.covers("services/T-9")
def test_only_what_the_acquirer_took_is_ever_funded() -> None:
    assert {state for state in State if State.FUNDED in MOVES[state]} == TAKEN - {State.FUNDED}
    assert MOVES[State.FUNDED] == frozenset()


def test_an_answer_by_its_count() -> None:
    told = {answer_of(0, 0), answer_of(3, 0), answer_of(3, 1), answer_of(3, 3)}
    assert told == ANSWERS
    assert answer_of(0, 0) is State.ACKED
