"""Payments that cards approved offline and the acquirer has not acknowledged: how many, how much, since when
(faults/R-11).

Counted in the journal each time, so that no counter of its own can be wrong after a power cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.constant import const
from firmware.journal.record import ACKNOWLEDGED, CARRIED, ENDED, LAST, SEALED, VOIDED
from firmware.local_time import clock_of, seconds
from protocol import messages
from protocol.errors import InvalidMessage

if TYPE_CHECKING:
    from firmware.journal.journal import Journal

_HOUR_S = const(3600)


def room_minor(limits: dict[str, int], sales: list[tuple[int, str]], now_s: int) -> int:
    """What one more may come to, 0 for none. `sales`: (amount, taken_at). `now_s`: of local_time; a sale that is
    younger than now has no age, whatever the clock did (faults/R-13)."""
    if len(sales) >= limits["count"]:
        return 0
    for _, taken_at in sales:
        if now_s - seconds(clock_of(taken_at)) > limits["age_hours"] * _HOUR_S:
            return 0
    left_minor = limits["sum_minor"] - sum([amount_minor for amount_minor, _ in sales])
    return max(0, min(limits["amount_minor"], left_minor))


def sales(journal: Journal) -> list[tuple[int, str]]:
    """(amount, taken_at) of those since the last seal that was acknowledged, but for what the merchant cancelled."""
    found = []
    voided = set()
    for place in range(journal.sequence - 1, _begin(journal) - 1, -1):
        page = journal.record(place)
        if page is None or not page.flags & LAST or page.flags & CARRIED:
            continue
        if page.kind == VOIDED:
            voided.add(page.transaction_id)
        elif page.kind == ENDED and page.transaction_id not in voided:
            found += _offline(journal.entry(place))
    return found


def _begin(journal: Journal) -> int:
    acknowledged = journal.record(journal.find((ACKNOWLEDGED,)))
    if acknowledged is None:
        return journal.first
    return max(journal.first, journal.find((SEALED,), acknowledged.transaction_id))


def _offline(result: bytes | None) -> list[tuple[int, str]]:
    """None where it is none of those, or is rotten."""
    try:
        message = messages.decode(result or b"")
    except InvalidMessage:
        return []
    if message["why"] != "approved_offline":
        return []
    return [(message["amount_minor"], message["taken_at"])]
