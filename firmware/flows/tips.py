"""What a tip may be (terminal/T-R06): percentages to the nearest cent, and how much at most."""

from __future__ import annotations

LARGEST_MINOR = 999_999_999_999  # tag 9F02 has twelve digits


def tip_minor(amount_minor: int, percent: int) -> int:
    """Half a cent is rounded up."""
    return (amount_minor * percent + 50) // 100


def most_minor(amount_minor: int, limit_minor: int) -> int:
    """No tip is above the amount, nor the total above `limit_minor`, the reader's own."""
    return max(0, min(amount_minor, min(limit_minor, LARGEST_MINOR) - amount_minor))


def offered(amount_minor: int, percentages: list[int], limit_minor: int) -> list[tuple[int, int]]:
    """(percent, tip in minor units) of those that may be; none of nothing."""
    most = most_minor(amount_minor, limit_minor)
    rows = [(percent, tip_minor(amount_minor, percent)) for percent in percentages]
    return [row for row in rows if 0 < row[1] <= most]


def cut(amount_minor: int, tip_minor: int, authorised_minor: int) -> int:
    """What is left of the tip in `amount_minor` when only a part of that is approved: goods are paid first."""
    return max(0, authorised_minor - (amount_minor - tip_minor))
