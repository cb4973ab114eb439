"""One request of the member's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from host.loyalty.portal.seats import Seat
from host.loyalty.portal.views import Views


@dataclass(frozen=True)
class Visit:
    """Whose it is, in the words of their language; query: also what its path has; peer: the address it comes from."""

    seat: Seat
    views: Views
    query: Mapping[str, str]
    form: Mapping[str, str]
    peer: str = ""
