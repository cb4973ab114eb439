"""How much may be sent: to one number (attacks/H-07), by one merchant, to a gateway in a second.

The limits of a number and of a merchant are counted from the outbox, at the moment of sending; each message counts from
its first sending on, whatever became of it. A bucket is of one process: two that send divide the gateway's rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """`number_codes_hour`: sign-in codes to one number; `number_day`: messages of any kind. `codes_hour`: codes of
    the whole merchant, so that nobody earns by having codes sent to numbers of his own (SMS pumping)."""

    number_codes_hour: int = 3
    number_day: int = 3
    codes_hour: int = 200
    campaigns_month: int = 4  # offers to one member in 30 days


class Tally:
    """What was sent lately, by keyed hash of the number: [in the last day, codes in the last hour]; `codes` to anyone
    in the last hour. It counts on while a batch is written."""

    def __init__(self, limits: Limits, to_number: dict[bytes, list[int]], codes: int) -> None:
        self._limits = limits
        self._to_number = to_number
        self._codes = codes

    def takes(self, number_hash: bytes, is_code: bool) -> bool:
        """Whether one more may be sent; then it is counted."""
        of_day, codes_of_hour = self._to_number.get(number_hash, (0, 0))
        if of_day >= self._limits.number_day:
            return False
        if is_code and (codes_of_hour >= self._limits.number_codes_hour or self._codes >= self._limits.codes_hour):
            return False
        self._to_number[number_hash] = [of_day + 1, codes_of_hour + is_code]
        self._codes += is_code
        return True


class Bucket:
    """A token bucket: `per_second` on average, so many at once at most."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._at: datetime | None = None

    def take(self, wanted: int, now: datetime) -> int:
        """How many may be sent now, `wanted` at most. A clock that goes back brings nothing."""
        if self._at is not None and now > self._at:
            gained = (now - self._at).total_seconds() * self._per_second
            self._tokens = min(self._tokens + gained, float(self._burst))
        self._at = now
        granted = min(wanted, int(self._tokens))
        self._tokens -= granted
        return granted

    def give_back(self, count: int) -> None:
        """Of what was taken, that many were not sent."""
        self._tokens = min(self._tokens + count, float(self._burst))
