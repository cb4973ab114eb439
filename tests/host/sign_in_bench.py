"""Accounts of the merchant's space with a clock that the test moves; their e-mails are noted instead of sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from argon2 import PasswordHasher

from host.database import Database, Work
from host.web.sign_in.links import Links
from host.web.sign_in.model import Account
from host.web.sign_in.service import Accounts
from tests.host.stand_ins import Counter

EMAIL, PASSWORD = "cafe@zinc.example", "un petit noir sans sucre"
KEY = bytes(range(32))


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def passes(self, **span: float) -> None:
        self.moment += timedelta(**span)


class CountingHasher(PasswordHasher):
    """Cheap, and says how often it was asked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: Any, password: Any) -> Any:  # noqa: A002 their name
        self.verified += 1
        return super().verify(hash, password)


@dataclass
class Bench:
    database: Database
    clock: Clock = field(default_factory=Clock)
    hasher: CountingHasher = field(default_factory=CountingHasher)
    sent: list[str] = field(default_factory=list)  # links, as they would be written when their e-mail leaves

    def __post_init__(self) -> None:
        self.links = Links(lambda: KEY, "https://zinc.example")
        self.accounts = Accounts(self.database, self.links, self._send, self.clock, Counter(), self.hasher)

    def _send(self, work: Work, event_id: str, account: Account) -> None:
        assert len(event_id) <= 96 and account.email not in event_id
        self.sent.append(self.links.write(account, self.clock.now()))

    def token(self) -> str:
        """Of the link that was sent last."""
        return parse_qs(urlsplit(self.sent[-1]).query)["j"][0]

    def member(self, email: str = EMAIL, password: str = PASSWORD) -> Account:
        """An account with a password."""
        account = self.accounts.add(email)
        self.accounts.set_password(self.token(), password)
        return account


@contextmanager
def bench(url: str) -> Iterator[Bench]:
    database = Database(url)
    database.migrate()
    yield Bench(database)
    database.close()
