"""The states of a client, as a table.

A client is an opaque id. Cards lead to it, visits and points bear it, and identity (a number, an e-mail address) sits
in one row beside it that can be erased:

- STRANGER: a card that paid here. Its visits are counted; it has no identity, earns nothing and is asked nothing of.
- JOINED: its holder typed a number on the reader. Active at once, it earns points; but whoever types a number need not
  own it, so nothing is spent, shown or offered by SMS before the number is confirmed (services/OP-3, attacks/H-07).
- MEMBER: the number is confirmed. There is one member a number: whoever confirms the number of a member is merged into
  it. That is how several cards become one account, and why typing a friend's number gives nothing away.
- MERGED: it goes on under another id. Its visits and points stay where they were booked; they are the other's.
- ERASED: nothing leads from a person to it any more. Its visits and points stay, of nobody.
"""

from __future__ import annotations

from enum import StrEnum

from host.loyalty.errors import IllegalMove


class State(StrEnum):
    STRANGER = "stranger"
    JOINED = "joined"
    MEMBER = "member"
    MERGED = "merged"
    ERASED = "erased"


S = State
MOVES: dict[State, frozenset[State]] = {
    S.STRANGER: frozenset({S.JOINED, S.MERGED, S.ERASED}),
    S.JOINED: frozenset({S.JOINED, S.MEMBER, S.MERGED, S.ERASED}),  # JOINED again: the number was mistyped
    S.MEMBER: frozenset({S.MERGED, S.ERASED}),
    S.MERGED: frozenset(),
    S.ERASED: frozenset(),
}
ENROLLED = frozenset({S.JOINED, S.MEMBER})
GONE = frozenset({S.MERGED, S.ERASED})


def move(current: State, wanted: State) -> State:
    """The wanted state. Raises IllegalMove when the table does not lead there."""
    if wanted not in MOVES[current]:
        raise IllegalMove(f"{current} to {wanted}")
    return wanted
