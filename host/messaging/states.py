"""The states of a message and of a campaign, as tables.

A gateway knows more than the host: it knows whether it took a message. So nothing is concluded from silence, and nobody
gets the same message twice:

- DUE is committed with what caused it. The message is not sent before, and not lost after.
- SENDING is committed before the gateway is called: from here on it may have the message. DUE again only when it
  certainly has not (it could not be reached, or said that it is busy).
- SENT: it took the message, and gave it an id.
- UNKNOWN: its answer was lost, or this host died before it came. A gateway that knows the event id again is called
  again with it. With any other, UNKNOWN is left only by what the gateway tells: a delivery report, or when asked.
- DELIVERED, UNDELIVERED: it says so. The first of them stands.
- REFUSED: never sent, and the row says why.
"""

from __future__ import annotations

from enum import StrEnum

from host.messaging.errors import IllegalMove


class State(StrEnum):
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"


class CampaignState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    QUEUEING = "queueing"  # its messages go into the outbox, batch by batch
    QUEUED = "queued"  # all of them are there
    CANCELLED = "cancelled"  # what was not sent yet is not sent


S = State
TOLD = frozenset({S.SENT, S.DELIVERED, S.UNDELIVERED})  # by the gateway
MOVES: dict[State, frozenset[State]] = {
    S.DUE: frozenset({S.SENDING, S.REFUSED}),
    S.SENDING: frozenset({S.DUE, S.UNKNOWN, S.REFUSED}) | TOLD,
    S.UNKNOWN: frozenset({S.SENDING}) | TOLD,
    S.SENT: frozenset({S.DELIVERED, S.UNDELIVERED}),
    S.DELIVERED: frozenset(),
    S.UNDELIVERED: frozenset(),
    S.REFUSED: frozenset(),
}

C = CampaignState
CAMPAIGN_MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    C.DRAFT: frozenset({C.SCHEDULED, C.CANCELLED}),
    C.SCHEDULED: frozenset({C.DRAFT, C.QUEUEING, C.CANCELLED}),
    C.QUEUEING: frozenset({C.QUEUED, C.CANCELLED}),
    C.QUEUED: frozenset({C.CANCELLED}),
    C.CANCELLED: frozenset(),
}


def move(current: State, wanted: State) -> State:
    """The wanted state. Raises IllegalMove when the table does not lead there."""
    if wanted not in MOVES[current]:
        raise IllegalMove(f"{current} to {wanted}")
    return wanted


def move_campaign(current: CampaignState, wanted: CampaignState) -> CampaignState:
    """As `move`."""
    if wanted not in CAMPAIGN_MOVES[current]:
        raise IllegalMove(f"campaign {current} to {wanted}")
    return wanted
