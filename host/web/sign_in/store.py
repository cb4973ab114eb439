"""Rows of accounts and their sessions. A password is kept as its argon2 hash, a session as the hash of its cookie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, select

from host.database import UtcDateTime, Work, metadata
from host.web.sign_in.model import LONGEST_ADDRESS, Account

accounts = Table(
    "merchant_account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(LONGEST_ADDRESS), nullable=False, unique=True),
    Column("language", String(2), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("password_hash", String(256)),
)
sessions = Table(
    "merchant_session",
    metadata,
    Column("cookie_hash", LargeBinary(32), primary_key=True),
    Column("account_id", String(32), ForeignKey("merchant_account.id", ondelete="CASCADE"), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)


class AccountStore:
    def all(self, work: Work) -> list[Account]:
        return [_account(row) for row in work.execute(select(accounts).order_by(accounts.c.email))]

    def get(self, work: Work, account_id: str) -> Account | None:
        return self._one(work, accounts.c.id == account_id)

    def of_address(self, work: Work, email: str) -> Account | None:
        return self._one(work, accounts.c.email == email)

    def among(self, work: Work, ids: Sequence[str]) -> list[Account]:
        return [_account(row) for row in work.execute(select(accounts).where(accounts.c.id.in_(ids)))]

    def add(self, work: Work, account: Account) -> None:
        """Raises IntegrityError for an address that is there."""
        work.execute(accounts.insert().values(**vars(account)))

    def remove(self, work: Work, account_id: str) -> None:
        """With its sessions."""
        self.end_sessions(work, account_id)
        work.execute(accounts.delete().where(accounts.c.id == account_id))

    def change_password(self, work: Work, account_id: str, epoch: int, password_hash: str) -> bool:
        """False: another password came first. Sessions of the one before end."""
        where = (accounts.c.id == account_id) & (accounts.c.epoch == epoch)
        changed = work.execute(accounts.update().where(where).values(epoch=epoch + 1, password_hash=password_hash))
        self.end_sessions(work, account_id)
        return changed.rowcount == 1

    # ---- sessions ----

    def begin_session(self, work: Work, cookie_hash: bytes, account_id: str, until: datetime) -> None:
        work.execute(sessions.insert().values(cookie_hash=cookie_hash, account_id=account_id, until=until))

    def holder(self, work: Work, cookie_hash: bytes, now: datetime) -> Account | None:
        joined = select(accounts).join(sessions, sessions.c.account_id == accounts.c.id)
        row = work.execute(joined.where(sessions.c.cookie_hash == cookie_hash, sessions.c.until > now)).first()
        return _account(row) if row else None

    def end_session(self, work: Work, cookie_hash: bytes) -> None:
        work.execute(sessions.delete().where(sessions.c.cookie_hash == cookie_hash))

    def end_sessions(self, work: Work, account_id: str) -> None:
        work.execute(sessions.delete().where(sessions.c.account_id == account_id))

    def forget_sessions(self, work: Work, before: datetime) -> None:
        """Those that are past."""
        work.execute(sessions.delete().where(sessions.c.until <= before))

    def _one(self, work: Work, where: Any) -> Account | None:
        row = work.execute(select(accounts).where(where)).first()
        return _account(row) if row else None


def _account(row: Any) -> Account:
    return Account(row.id, row.email, row.language, row.made_at, row.epoch, row.password_hash)
