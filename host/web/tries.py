"""How often one may try (NIST SP 800-63B, 5.2.2). Counted in this process and forgotten with it: nothing is stored."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

KEYS = 10_000  # then who tried first is forgotten: memory has a bound


class Tries:
    """`most` in any `span`, by key."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._tried: OrderedDict[str, list[datetime]] = OrderedDict()

    def takes(self, key: str, now: datetime) -> bool:
        """Whether one more is allowed; then it is counted. A clock that was put back forgets what it is before."""
        lately = [at for at in self._tried.pop(key, []) if now - self._span < at <= now]
        is_allowed = len(lately) < self._most
        self._tried[key] = [*lately, now] if is_allowed else lately
        if len(self._tried) > KEYS:
            self._tried.popitem(last=False)
        return is_allowed

    def forget(self, key: str) -> None:
        self._tried.pop(key, None)
