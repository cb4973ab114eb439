"""The states of a payment on the host, as a table.

Two parties know more than the host: the reader knows how the payment ended (it journals the result and answers by id
for ever), the acquirer knows what it authorised. The host therefore never concludes from silence:

- A row is REQUESTED before the reader hears of it, so that a crash leaves a row to ask about.
- IN_PROGRESS: the reader accepted and minted the transaction id.
- AUTHORISING is stored before the acquirer is asked and lasts until the reader tells the end: from here on the acquirer
  may have approved. It may be entered again: a reader that reconnects repeats its question under the same id.
- APPROVED, DECLINED, CANCELLED are ends, told by the reader, or, for CANCELLED, known because it never began.
- UNKNOWN: link or reader gone before the end was told, or the reader itself does not know. Left only by asking the
  reader again, by request id.
- REVERSAL_DUE: the card or cardholder did not finish what the acquirer approved, or may have approved without our
  hearing of it. The sale is not paid; the acquirer has to be told (caaa.003), and until then the money may be held.
  An approval that the card gave offline after a silent acquirer needs none: the capture bears the same id.
"""

from __future__ import annotations

from enum import StrEnum

from host.payment.errors import IllegalMove


class State(StrEnum):
    REQUESTED = "requested"
    IN_PROGRESS = "in_progress"
    AUTHORISING = "authorising"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    REVERSAL_DUE = "reversal_due"


class Asked(StrEnum):
    """What the host knows of the acquirer's word on a payment."""

    NOT_ASKED = "not_asked"  # or certainly not reached
    ASKED = "asked"  # no usable answer: it may have approved
    APPROVED = "approved"
    DECLINED = "declined"


S = State
MOVES: dict[State, frozenset[State]] = {
    S.REQUESTED: frozenset({S.IN_PROGRESS, S.AUTHORISING, S.APPROVED, S.DECLINED, S.CANCELLED, S.UNKNOWN}),
    S.IN_PROGRESS: frozenset({S.AUTHORISING, S.APPROVED, S.DECLINED, S.CANCELLED, S.UNKNOWN}),
    S.AUTHORISING: frozenset({S.AUTHORISING, S.APPROVED, S.DECLINED, S.CANCELLED, S.UNKNOWN, S.REVERSAL_DUE}),
    S.UNKNOWN: frozenset({S.UNKNOWN, S.APPROVED, S.DECLINED, S.CANCELLED, S.REVERSAL_DUE}),
    S.APPROVED: frozenset(),
    S.DECLINED: frozenset(),
    S.CANCELLED: frozenset(),
    S.REVERSAL_DUE: frozenset(),
}
UNFINISHED = frozenset({S.REQUESTED, S.IN_PROGRESS, S.AUTHORISING, S.UNKNOWN})
NOT_PAID = frozenset({S.DECLINED, S.CANCELLED, S.REVERSAL_DUE})  # the order may be paid anew

ENDS = {"approved": S.APPROVED, "declined": S.DECLINED, "cancelled": S.CANCELLED, "unknown": S.UNKNOWN}


def move(current: State, wanted: State) -> State:
    """The wanted state. Raises IllegalMove when the table does not lead there."""
    if wanted not in MOVES[current]:
        raise IllegalMove(f"{current} to {wanted}")
    return wanted


def end_of(outcome: str, asked: Asked) -> State:
    """The state in which the reader's outcome leaves a payment, given the acquirer's word.

    An approval against the acquirer's refusal is a contradiction that a person has to look at: UNKNOWN.
    """
    end = ENDS[outcome]
    if end is S.APPROVED and asked is Asked.DECLINED:
        return S.UNKNOWN
    if end in (S.DECLINED, S.CANCELLED) and asked in (Asked.APPROVED, Asked.ASKED):
        return S.REVERSAL_DUE
    return end
