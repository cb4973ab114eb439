"""What the acquirer is owed word of: reversals and cancellations, as rows that are there before anything is sent.

A row is made in the commit that makes it due, and its timer with it. Before each try the try itself is stored, so that
one which a crash cut short is repeated, and marked as repeated. It goes on until the acquirer answers, with pauses of
FIRST_PAUSE doubling to LONGEST_PAUSE; the answer and the payment's last state are one commit (ISO 8583: 0420 and 0421).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Row, String, Table, bindparam, select

from host.acquirer.errors import AcquirerError
from host.acquirer.model import Advice, AdviceKind, Reason
from host.clock import Clock
from host.database import UtcDateTime, Work, metadata
from host.jobs.port import Timers
from host.money import CURRENCIES, Money
from host.payment.ports import Acquirer, Store

TIMER = "advice"  # its key is the transaction id in hex
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)

log = logging.getLogger(__name__)

advices = Table(
    "advice",
    metadata,
    Column("transaction_id", LargeBinary(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("transaction_kind", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("token", LargeBinary(32)),  # of the card, whose next authorisation waits (terminal/T-R21)
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("answered_at", UtcDateTime),
)
UNANSWERED = advices.c.answered_at.is_(None)
Index("advice_owed", advices.c.token, sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)

OF_TRANSACTION = select(advices).where(advices.c.transaction_id == bindparam("wanted"))
OF_CARD = select(advices.c.transaction_id).where(UNANSWERED, advices.c.token == bindparam("card"))
INSERT = advices.insert()
UPDATE = advices.update().where(advices.c.transaction_id == bindparam("wanted"))
TRIED = UPDATE.values(attempts=advices.c.attempts + 1)
ANSWERED = UPDATE.values(answered_at=bindparam("at"))


def pause(attempts: int) -> timedelta:
    """After so many tries, 1 or more: 5 s, 10 s, 20 s ... 15 min."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)


class AdviceStore:
    def add(self, work: Work, advice: Advice, token: bytes | None, due_at: datetime) -> None:
        """One for each transaction: what is owed already is owed once."""
        if work.execute(OF_TRANSACTION, {"wanted": advice.transaction_id}).first() is None:
            work.execute(INSERT, _row(advice) | {"token": token, "due_at": due_at, "attempts": 0})

    def get(self, work: Work, transaction_id: bytes) -> Row[Any] | None:
        return work.execute(OF_TRANSACTION, {"wanted": transaction_id}).first()

    def owed_for(self, work: Work, token: bytes) -> list[bytes]:
        """Transaction ids of what is unanswered of that card."""
        return list(work.scalars(OF_CARD, {"card": token}))

    def tried(self, work: Work, transaction_id: bytes) -> None:
        work.execute(TRIED, {"wanted": transaction_id})

    def answered(self, work: Work, transaction_id: bytes, at: datetime) -> None:
        work.execute(ANSWERED, {"wanted": transaction_id, "at": at})


class Advising:
    """Sends what is due, once at a time for each transaction."""

    def __init__(self, store: Store, advices: AdviceStore, acquirer: Acquirer, timers: Timers, clock: Clock) -> None:
        self._store = store
        self._advices = advices
        self._acquirer = acquirer
        self._timers = timers
        self._clock = clock
        self._sending: dict[bytes, asyncio.Task[bool]] = {}
        timers.handle(TIMER, self._due)

    async def send(self, transaction_id: bytes) -> bool:
        """Try once; whether the acquirer has it now. Who comes second waits for the first."""
        task = self._sending.get(transaction_id)
        if task is None:
            task = asyncio.create_task(self._send(transaction_id))
            self._sending[transaction_id] = task
            task.add_done_callback(lambda _: self._sending.pop(transaction_id))
        return await asyncio.shield(task)

    async def settle_card(self, token: bytes) -> bool:
        """Send what is owed of that card; whether all of it is answered."""
        with self._store.transaction() as work:
            owed = self._advices.owed_for(work, token)
        return all([await self.send(transaction_id) for transaction_id in owed])

    async def _due(self, key: str) -> None:
        await self.send(bytes.fromhex(key))

    async def _send(self, transaction_id: bytes) -> bool:
        advice = self._trying(transaction_id)
        if advice is None:
            return True
        try:
            await self._acquirer.advise(advice)
        except AcquirerError as error:
            log.warning("%s unanswered: %s", advice.kind, type(error).__name__)
            return False
        with self._store.transaction() as work:
            self._advices.answered(work, transaction_id, self._clock.now())
            self._store.reversed(work, transaction_id)
            self._timers.clear(work, TIMER, transaction_id.hex())
        return True

    def _trying(self, transaction_id: bytes) -> Advice | None:
        """The advice, once this try and the next one's time are stored; None when nothing is owed."""
        with self._store.transaction() as work:
            row = self._advices.get(work, transaction_id)
            if row is None or row.answered_at is not None:
                self._timers.clear(work, TIMER, transaction_id.hex())
                return None
            self._advices.tried(work, transaction_id)
            self._timers.set(work, TIMER, transaction_id.hex(), self._clock.now() + pause(row.attempts + 1))
        return _advice(row)


def _row(advice: Advice) -> dict[str, Any]:
    return {
        "transaction_id": advice.transaction_id,
        "kind": str(advice.kind),
        "reason": str(advice.reason),
        "transaction_kind": advice.transaction_kind,
        "amount_minor": advice.amount.amount_minor,
        "currency": advice.amount.currency.code,
        "requested_at": advice.requested_at,
    }


def _advice(row: Row[Any]) -> Advice:
    return Advice(
        kind=AdviceKind(row.kind),
        transaction_id=row.transaction_id,
        amount=Money(row.amount_minor, CURRENCIES[row.currency]),
        requested_at=row.requested_at,
        reason=Reason(row.reason),
        repeated=row.attempts > 0,
        transaction_kind=row.transaction_kind,
    )
