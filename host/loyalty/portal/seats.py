"""Who looks at the page: a signed cookie, and from it the token without which no form is taken (CSRF).

Nothing is stored here, so nothing has to be erased: a cookie holds an opaque member id, or none before signing in, and
ends by itself. Signing in and out gives another one, so that no one's cookie becomes somebody else's session.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256

from host.web.words import LANGUAGES

SIGNED_IN = timedelta(hours=1)
LOOKING = timedelta(days=1)  # before signing in
NOBODY = ""


@dataclass(frozen=True)
class Seat:
    """`nonce` is new with each."""

    member_id: str
    language: str
    until: datetime
    nonce: str


class Seats:
    """`key`: the installation's secret. random(length) gives bytes."""

    def __init__(self, key: Callable[[], bytes], random: Callable[[int], bytes]) -> None:
        self._read_key = key
        self._random = random

    @cached_property
    def _key(self) -> bytes:
        return hmac.digest(self._read_key(), b"member's page", sha256)

    def new(self, member_id: str, language: str, now: datetime) -> Seat:
        until = now + (SIGNED_IN if member_id else LOOKING)
        return Seat(member_id, language, until.replace(microsecond=0), self._random(16).hex())

    def write(self, seat: Seat) -> str:
        facts = f"{seat.member_id}.{seat.language}.{int(seat.until.timestamp())}.{seat.nonce}"
        return f"{facts}.{self._mac('cookie', facts)}"

    def read(self, cookie: str, now: datetime) -> Seat | None:
        """None: there is none, it is past, or not of ours."""
        facts, _, mac = cookie.rpartition(".")
        if not cookie.isascii() or not hmac.compare_digest(mac, self._mac("cookie", facts)):
            return None
        member_id, language, until_s, nonce = facts.split(".")
        until = datetime.fromtimestamp(int(until_s), UTC)
        return Seat(member_id, language, until, nonce) if now < until and language in LANGUAGES else None

    def form_token(self, seat: Seat) -> str:
        return self._mac("form", f"{seat.member_id}.{seat.nonce}")

    def is_form_token(self, seat: Seat, token: str) -> bool:
        return token.isascii() and hmac.compare_digest(token, self.form_token(seat))

    def _mac(self, use: str, facts: str) -> str:
        return hmac.digest(self._key, f"{use}\0{facts}".encode(), sha256).hex()
