"""The states of a payment on the host, as a table.

Two parties know more than the host: the reader knows how the payment ended (its journal decides whether a sale is kept,
and answers by id for ever), the acquirer knows what it authorised. The host therefore never concludes from silence:

- A row is REQUESTED before the reader hears of it, so that a crash leaves a row to ask about.
- IN_PROGRESS: the reader accepted and minted the transaction id.
- AUTHORISING is stored, with what a reversal has to say, before the acquirer is asked, and lasts until the reader tells
  the end: from here on the acquirer may have approved. It may be entered again: a reader that reconnects repeats its
  question under the same id.
- APPROVED, DECLINED, CANCELLED are told by the reader, or, for CANCELLED, known because it never began. APPROVED is
  kept: it goes into the reader's seal and is captured. It is stored in one commit with its capture record and its entry
  in the ledger, and then the reader is told that it was.
- AUTHORISED: a pre-authorisation that was approved. Money is held, nothing is captured: it is completed or reversed.
- UNKNOWN: link or reader gone before the end was told, or the reader itself does not know. Left only by asking the
  reader again, by request id, or by a person who knows that this reader never comes back. Another till that cannot ask
  says so, too: the one that takes the payment goes on with it, IN_PROGRESS or AUTHORISING.
- REVERSAL_DUE: the card, cardholder or merchant did not finish what the acquirer approved, or may have approved without
  our hearing of it. Not paid; the acquirer is told (caaa.003) until it answers, and until then the money may be held.
  REVERSED: it answered. What is owed is stored in the commit that makes it due (advice.py), before it is sent.
- VOIDING is stored before the reader is asked to cancel a kept sale; whoever comes first decides, this or the seal of
  the day. VOIDED: it did; the acquirer is told so (caaa.005, then 007) in the same way. Too late: APPROVED again.
- COMPLETING is stored, with the amount, before the reader is asked to complete a pre-authorisation, or to give it up.
  Refused: AUTHORISED again. VOIDING and COMPLETING are asked again after a crash: the reader answers twice the same.

One reversal is due of a sale that is kept: the acquirer did not answer, and the card then approved offline. It is
captured as an offline sale, and the authorisation that may be held beside it is given back.
"""

from __future__ import annotations

from enum import StrEnum

from host.payment.errors import IllegalMove


class State(StrEnum):
    REQUESTED = "requested"
    IN_PROGRESS = "in_progress"
    AUTHORISING = "authorising"
    APPROVED = "approved"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    REVERSAL_DUE = "reversal_due"
    REVERSED = "reversed"
    VOIDING = "voiding"
    VOIDED = "voided"
    COMPLETING = "completing"


class Asked(StrEnum):
    """What the host knows of the acquirer's word on a payment."""

    NOT_ASKED = "not_asked"  # or certainly not reached
    ASKED = "asked"  # no usable answer: it may have approved
    APPROVED = "approved"
    DECLINED = "declined"


S = State
ENDED = frozenset({S.APPROVED, S.AUTHORISED, S.DECLINED, S.CANCELLED, S.UNKNOWN})
MOVES: dict[State, frozenset[State]] = {
    S.REQUESTED: frozenset({S.IN_PROGRESS, S.AUTHORISING}) | ENDED,
    S.IN_PROGRESS: frozenset({S.AUTHORISING}) | ENDED,
    S.AUTHORISING: frozenset({S.AUTHORISING, S.REVERSAL_DUE}) | ENDED,
    S.UNKNOWN: frozenset({S.IN_PROGRESS, S.AUTHORISING, S.REVERSAL_DUE, S.VOIDED}) | ENDED,
    S.APPROVED: frozenset({S.VOIDING}),
    S.AUTHORISED: frozenset({S.COMPLETING, S.REVERSAL_DUE}),
    S.VOIDING: frozenset({S.VOIDED, S.APPROVED}),
    S.COMPLETING: frozenset({S.APPROVED, S.AUTHORISED, S.REVERSAL_DUE}),
    S.REVERSAL_DUE: frozenset({S.REVERSED}),
    S.DECLINED: frozenset(),
    S.CANCELLED: frozenset(),
    S.REVERSED: frozenset(),
    S.VOIDED: frozenset(),
}
UNFINISHED = frozenset({S.REQUESTED, S.IN_PROGRESS, S.AUTHORISING, S.UNKNOWN, S.VOIDING, S.COMPLETING})
NOT_PAID = frozenset({S.DECLINED, S.CANCELLED, S.REVERSAL_DUE, S.REVERSED, S.VOIDED})  # the order may be paid anew

ENDS = {
    "approved": S.APPROVED,
    "declined": S.DECLINED,
    "cancelled": S.CANCELLED,
    "unknown": S.UNKNOWN,
    "voided": S.VOIDED,
}


def move(current: State, wanted: State) -> State:
    """The wanted state. Raises IllegalMove when the table does not lead there."""
    if wanted not in MOVES[current]:
        raise IllegalMove(f"{current} to {wanted}")
    return wanted


def end_of(outcome: str, asked: Asked, kind: str = "purchase") -> State:
    """The state in which the reader's outcome leaves a payment, given the acquirer's word.

    An approval against the acquirer's refusal is a contradiction that a person has to look at: UNKNOWN.
    """
    end = ENDS[outcome]
    if end is S.APPROVED and asked is Asked.DECLINED:
        return S.UNKNOWN
    if end is S.APPROVED and kind == "preauthorisation":
        return S.AUTHORISED
    if end in (S.DECLINED, S.CANCELLED) and asked in (Asked.APPROVED, Asked.ASKED) and kind != "verification":
        return S.REVERSAL_DUE
    return end
