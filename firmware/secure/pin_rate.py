"""No more than 120 PINs an hour on average: whoever tries them out is slowed down (PCI PTS POI; attacks/C-17).

Counted in RAM: whoever cuts the power for it waits for the start, and the card's own count and the issuer's stay.
"""

from __future__ import annotations

from emv.constant import const

MOST = const(120)
_EACH_MS = const(30_000)
_TICKS_MASK = const(0x3FFFFFFF)  # the clock wraps as time.ticks_ms does


def one_more(counted: tuple[int, int], now_ms: int) -> tuple[int, int] | None:
    """(how many PINs weigh, since when in ms), with one more; None when it would be too many.

    Each half minute takes one away.
    """
    weighing, since_ms = counted
    gone = ((now_ms - since_ms) & _TICKS_MASK) // _EACH_MS
    if gone >= weighing:
        return 1, now_ms
    if weighing - gone >= MOST:
        return None
    return weighing - gone + 1, (since_ms + gone * _EACH_MS) & _TICKS_MASK
