"""What the merchant's list of payments shows: today's, and older ones that still need somebody. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from host.database import Work
from host.money import Money
from host.payment.advice import advices
from host.payment.commits import Commits
from host.payment.model import Payment
from host.payment.ports import Store
from host.payment.service import PREAUTHORISATION, REFUND
from host.payment.states import UNFINISHED, State
from host.payment.store import payments, read_payment

MOST = 200
NEEDED = sorted({*UNFINISHED, State.AUTHORISED, State.REVERSAL_DUE})


@dataclass(frozen=True)
class Entry:
    """`closed`: its day is sealed. attempts: how often the acquirer was told what it is owed, unanswered yet."""

    payment: Payment
    refunded: Money
    closed: bool
    expires_at: datetime | None
    attempts: int | None

    @property
    def refundable(self) -> Money:
        """What is left of a sale to be given back."""
        payment = self.payment
        if not payment.approved or payment.kind == REFUND or payment.transaction_id is None:
            return Money(0, payment.amount.currency)
        return payment.paid - self.refunded

    @property
    def voidable(self) -> bool:
        """As far as is known here: the reader decides."""
        payment = self.payment
        return payment.approved and payment.transaction_id is not None and not (self.refunded or self.closed)

    @property
    def completable(self) -> bool:
        return self.payment.kind == PREAUTHORISATION and self.payment.state is State.AUTHORISED


class DayBook:
    def __init__(self, commits: Commits, closed: Callable[[Work, list[bytes]], set[bytes]]) -> None:
        """closed: of these transactions, those that are under a seal or with the acquirer."""
        self._store: Store = commits.store
        self._commits = commits
        self._closed = closed

    def since(self, begin: datetime) -> list[Entry]:
        """The newest first: those asked for since then, and older ones that are not over."""
        asked_at = payments.c.requested_at
        newest = select(payments).order_by(asked_at.desc()).limit(MOST)
        older = newest.where(asked_at < begin, payments.c.state.in_(NEEDED))  # apart: each has an index
        with self._store.transaction() as work:
            found = [*work.execute(newest.where(asked_at >= begin)), *work.execute(older)][:MOST]
            return self._entries(work, [read_payment(row) for row in found])

    def entry(self, request_id: bytes) -> Entry | None:
        with self._store.transaction() as work:
            payment = self._store.get(work, request_id)
            return self._entries(work, [payment])[0] if payment else None

    def _entries(self, work: Work, found: list[Payment]) -> list[Entry]:
        ids = [payment.transaction_id for payment in found if payment.transaction_id]
        closed, owed = self._closed(work, ids), _owed(work, ids)
        return [self._entry(work, payment, closed, owed) for payment in found]

    def _entry(self, work: Work, payment: Payment, closed: set[bytes], owed: dict[bytes, int]) -> Entry:
        known = payment.transaction_id
        refunded = self._store.refunded_minor(work, known) if known and payment.approved else 0
        expiry = self._commits.expiry(work, payment) if payment.state is State.AUTHORISED else None
        given_back = Money(refunded, payment.amount.currency)
        return Entry(payment, given_back, known in closed, expiry, owed.get(known) if known else None)


def _owed(work: Work, ids: Iterable[bytes]) -> dict[bytes, int]:
    """By transaction id, the tries of what the acquirer has not answered."""
    unanswered = advices.c.transaction_id.in_(list(ids)) & advices.c.answered_at.is_(None)
    return {row.transaction_id: row.attempts for row in work.execute(select(advices).where(unanswered))}
