"""The states of a remittance, as a table (services/TC-1). The workflow only drives the row.

A remittance is what one contract hands to its acquirer at one cut-off. Two parties know more than the host: the reader
knows what was sold (it seals its day), the acquirer knows what it has taken. So nothing is concluded from silence:

- OPEN: the readers are asked to close their day. At most one a contract, so that two closings at once are one.
- SEALED: its data sets and lines are rows, and never change; the file can be written again from them, to the byte.
  Without a data set (no reader answered, nothing waits) there is nothing to send: ACKED.
- SENT is stored before the file leaves; from here on the acquirer may have it. It may leave again: the same file, the
  same exchange id, the same data set ids; the acquirer gives its first answer again.
- UNKNOWN: no answer, or none that can be read. Left by sending again, or by an answer.
- ACKED, PARTLY_REJECTED: the acquirer said what became of each line. REJECTED: it took none of them; the lines are free
  for a later remittance, under another exchange id.
- OUT_OF_BALANCE: its totals (caaa.010) are not ours. Asked again; left when they agree, or when the money comes.
- FUNDED: the money came: a settlement notice or a line of a bank statement says so, and nothing else does.

A day is acknowledged to its reader only from an answer whose totals agree, since the reader purges it then.
"""

from __future__ import annotations

from enum import StrEnum

from host.telecollection.errors import IllegalMove


class State(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
    SENT = "sent"
    UNKNOWN = "unknown"
    ACKED = "acked"
    PARTLY_REJECTED = "partly_rejected"
    REJECTED = "rejected"
    OUT_OF_BALANCE = "out_of_balance"
    FUNDED = "funded"


class LineState(StrEnum):
    PENDING = "pending"  # the acquirer has not said
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class DayState(StrEnum):
    SEALED = "sealed"  # checked against the copies: it goes into the next remittance, or is in one
    REFUSED = "refused"  # by the host, for copies that are not what was sealed; or by the acquirer
    COMPARED = "compared"  # its lines went from the host's copies before the reader came back
    ACKNOWLEDGED = "acknowledged"  # durable in the reader, which may purge it


S = State
ANSWERS = frozenset({S.ACKED, S.PARTLY_REJECTED, S.REJECTED})
MOVES: dict[State, frozenset[State]] = {
    S.OPEN: frozenset({S.SEALED}),
    S.SEALED: frozenset({S.SENT, S.ACKED}),
    S.SENT: frozenset({S.SENT, S.UNKNOWN}) | ANSWERS,
    S.UNKNOWN: frozenset({S.SENT, S.UNKNOWN}) | ANSWERS,
    S.ACKED: frozenset({S.OUT_OF_BALANCE, S.FUNDED}),
    S.PARTLY_REJECTED: frozenset({S.OUT_OF_BALANCE, S.FUNDED}),
    S.OUT_OF_BALANCE: frozenset({S.ACKED, S.PARTLY_REJECTED, S.FUNDED}),
    S.REJECTED: frozenset(),
    S.FUNDED: frozenset(),
}
UNANSWERED = frozenset({S.OPEN, S.SEALED, S.SENT, S.UNKNOWN})
TAKEN = frozenset({S.ACKED, S.PARTLY_REJECTED, S.OUT_OF_BALANCE, S.FUNDED})  # the acquirer has lines of it


def move(current: State, wanted: State) -> State:
    """The wanted state. Raises IllegalMove when the table does not lead there."""
    if wanted not in MOVES[current]:
        raise IllegalMove(f"{current} to {wanted}")
    return wanted


def answer_of(lines: int, rejected: int) -> State:
    """What an answer makes of a remittance of so many lines."""
    if rejected == 0:
        return S.ACKED
    return S.REJECTED if rejected == lines else S.PARTLY_REJECTED
