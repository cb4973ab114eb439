"""The link by which a password is made: signed, for a while, and for one password (itsdangerous).

Nothing of it is stored. It says which password of the account it follows, and so ends when it was used.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from host.web.sign_in.model import Account

CREATION = timedelta(days=7)  # of an account that has no password yet
FORGOTTEN = timedelta(hours=1)
PATH = "/commercant/mot-de-passe"


@dataclass(frozen=True)
class Link:
    account_id: str
    epoch: int


class Links:
    """`key`: the installation's secret. `host`: how it is reached, such as https://caisse.example."""

    def __init__(self, key: Callable[[], bytes], host: str) -> None:
        self._read_key = key
        self._host = host

    @cached_property
    def _signed(self) -> URLSafeSerializer:
        key = hmac.digest(self._read_key(), b"merchant's password", sha256)
        return URLSafeSerializer(key, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"})

    def write(self, account: Account, now: datetime) -> str:
        """The address of the page that makes the password."""
        until = now + (FORGOTTEN if account.password_hash else CREATION)
        return f"{self._host}{PATH}?j={self._signed.dumps([account.id, account.epoch, int(until.timestamp())])}"

    def read(self, token: str, now: datetime) -> Link | None:
        """None: it is past, or none of ours."""
        try:
            account_id, epoch, until_s = self._signed.loads(token)
        except BadData:
            return None
        return Link(account_id, epoch) if now.timestamp() < until_s else None
