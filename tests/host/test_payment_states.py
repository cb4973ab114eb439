"""The table of payment states: what it allows, and what it never does."""

from __future__ import annotations

import pytest

from host.payment.errors import IllegalMove
from host.payment.states import ENDS, MOVES, NOT_PAID, UNFINISHED, Asked, State, end_of, move


def test_every_state_is_in_the_table_and_ends_stay_ends() -> None:
    assert set(MOVES) == set(State)
    assert NOT_PAID.issubset(set(State) - UNFINISHED)
    for state in NOT_PAID - {State.REVERSAL_DUE}:
        assert MOVES[state] == frozenset()


def test_what_is_not_paid_stays_so() -> None:
    for state in NOT_PAID:
        assert reachable(state) <= NOT_PAID


@pytest.mark.covers("terminal/T-R09")
def test_only_the_merchants_wish_leaves_approved() -> None:
    assert MOVES[State.APPROVED] == {State.VOIDING}
    assert reachable(State.APPROVED) == {State.APPROVED, State.VOIDING, State.VOIDED}


def reachable(state: State) -> set[State]:
    found, due = {state}, [state]
    while due:
        more = MOVES[due.pop()] - found
        found |= more
        due += more
    return found


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


@pytest.mark.parametrize("asked", [Asked.APPROVED, Asked.ASKED, Asked.NOT_ASKED])
def test_a_preauthorisation_is_not_paid_by_being_approved(asked: Asked) -> None:
    assert end_of("approved", asked, "preauthorisation") is State.AUTHORISED


def test_an_account_verification_holds_nothing() -> None:
    assert end_of("declined", Asked.ASKED, "verification") is State.DECLINED


@pytest.mark.covers("faults/R-02")
@pytest.mark.parametrize("outcome", ["declined", "cancelled"])
def test_what_the_acquirer_may_have_approved_is_reversed(outcome: str) -> None:
    assert end_of(outcome, Asked.ASKED) is State.REVERSAL_DUE
    assert end_of(outcome, Asked.APPROVED) is State.REVERSAL_DUE
    assert end_of(outcome, Asked.DECLINED) is ENDS[outcome]
    assert end_of(outcome, Asked.NOT_ASKED) is ENDS[outcome]


def test_an_approval_against_the_acquirer_is_for_a_person_to_look_at() -> None:
    assert end_of("approved", Asked.DECLINED) is State.UNKNOWN
