"""Accounts of the merchant's space: made, given a password, signed in to. Who asks never learns which addresses exist.

Each try costs one argon2 verification, also of an address that nobody has, so that the time says nothing either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import IntegrityError

from host.clock import Clock
from host.database import Database, Work
from host.web.sign_in import model
from host.web.sign_in.errors import InvalidAddress, KnownAddress, LinkEnded, WrongPassword
from host.web.sign_in.links import Links
from host.web.sign_in.model import Account
from host.web.sign_in.store import AccountStore

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SIGNED_IN = timedelta(hours=12)

log = logging.getLogger(__name__)


class Send(Protocol):
    def __call__(self, work: Work, event_id: str, account: Account) -> None:
        """Queue the e-mail that recalls the login and holds the link, in the transaction of what asked for it."""
        ...


class Accounts:
    """`random(length)` gives bytes. `hasher`: argon2's, unless given with its own defaults (RFC 9106, 4)."""

    def __init__(
        self,
        database: Database,
        links: Links,
        send: Send,
        clock: Clock,
        random: Callable[[int], bytes],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database
        self._store = AccountStore()
        self._links = links
        self._send = send
        self._clock = clock
        self._random = random
        self._given_hasher = hasher

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return self._given_hasher or PasswordHasher()

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hasher.hash(self._random(16).hex())

    # ---- accounts ----

    def all(self) -> list[Account]:
        with self._database.transaction() as work:
            return self._store.all(work)

    def add(self, email: str, language: str = "fr") -> Account:
        """The e-mail with the link to make the password leaves. Raises InvalidAddress, KnownAddress."""
        account = Account(self._random(16).hex(), model.address(email), language, self._clock.now())
        try:
            with self._database.transaction() as work:
                self._store.add(work, account)
                self._send(work, self._event(account), account)
        except IntegrityError:
            raise KnownAddress from None
        log.info("account %s made", account.id)
        return account

    def remove(self, email: str) -> bool:
        """False: there is none of that address."""
        with self._database.transaction() as work:
            account = self._of(work, email)
            if account:
                self._store.remove(work, account.id)
                log.info("account %s removed", account.id)
        return account is not None

    def link(self, account: Account) -> str:
        return self._links.write(account, self._clock.now())

    def ask_link(self, email: str) -> None:
        """Of a forgotten password: the e-mail leaves if there is such an account."""
        with self._database.transaction() as work:
            account = self._of(work, email)
            if account:
                self._send(work, self._event(account), account)

    # ---- the password ----

    def of_link(self, token: str) -> Account:
        """Whose password it makes. Raises LinkEnded."""
        link = self._links.read(token, self._clock.now())
        with self._database.transaction() as work:
            account = self._store.get(work, link.account_id) if link else None
        if link is None or account is None or account.epoch != link.epoch:
            raise LinkEnded
        return account

    def set_password(self, token: str, typed: str) -> None:
        """Sessions end, and so do links that were sent. Raises LinkEnded, WeakPassword."""
        account = self.of_link(token)
        password_hash = self._hasher.hash(model.good_password(typed, account.email))
        with self._database.transaction() as work:
            if not self._store.change_password(work, account.id, account.epoch, password_hash):
                raise LinkEnded
        log.info("account %s: password set", account.id)

    # ---- sessions ----

    def sign_in(self, email: str, typed: str) -> str:
        """The cookie of a session. Raises WrongPassword."""
        with self._database.transaction() as work:
            account = self._of(work, email)
        is_right = self._is_right(account.password_hash if account else None, model.written(typed))
        if account is None or not is_right:
            log.warning("sign-in refused%s", f", account {account.id}" if account else "")
            raise WrongPassword
        cookie, now = self._random(32).hex(), self._clock.now()
        with self._database.transaction() as work:
            current = self._store.get(work, account.id)
            if current is None or current.epoch != account.epoch:  # changed while this one was verified
                raise WrongPassword
            self._store.forget_sessions(work, now)
            self._store.begin_session(work, _hash(cookie), account.id, now + SIGNED_IN)
        log.info("account %s signed in", account.id)
        return cookie

    def holder(self, cookie: str) -> Account | None:
        """Who is signed in by it."""
        if not cookie:
            return None
        with self._database.transaction() as work:
            return self._store.holder(work, _hash(cookie), self._clock.now())

    def sign_out(self, cookie: str) -> None:
        with self._database.transaction() as work:
            self._store.end_session(work, _hash(cookie))

    def _is_right(self, password_hash: str | None, typed: str) -> bool:
        from argon2.exceptions import VerifyMismatchError

        nobodys = self._nobodys_hash  # made by the first try, whoever it is of
        try:
            return self._hasher.verify(password_hash or nobodys, typed) and password_hash is not None
        except VerifyMismatchError:
            return False

    def _of(self, work: Work, email: str) -> Account | None:
        try:
            return self._store.of_address(work, model.address(email))
        except InvalidAddress:
            return None

    def _event(self, account: Account) -> str:
        return f"account:{account.id}:{self._random(8).hex()}"


def _hash(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "replace")).digest()
