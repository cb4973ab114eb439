"""What the merchant does with a payment that was approved: cancels it, completes it, or lets it expire.

The wish is stored before the reader is asked, and asked again after a crash: the reader is where a sale is either
cancelled or sealed with its day, and it answers twice the same.
"""

from __future__ import annotations

import logging

from host.payment.attempt import Attempt, Parts
from host.payment.commits import Commits
from host.payment.errors import CompletionRefused, NotAuthorised, NotVoidable, Refused, TooLate
from host.payment.model import Payment, Why
from host.payment.ports import Message
from host.payment.states import State
from host.terminal.errors import DayClosed, ReaderBusy, ReaderRefused, TerminalError, UnknownTransaction

log = logging.getLogger(__name__)


class FollowUp(Attempt):
    """Returns the payment in its new state; in VOIDING or COMPLETING when the reader could not be asked."""

    def __init__(self, payment: Payment, parts: Parts) -> None:
        super().__init__(payment, parts)
        self._parts = parts

    async def void(self) -> Payment:
        """Raises NotVoidable, TooLate."""
        self.payment = void_intent(self._commits, self.payment.request_id)
        return await self.ask()

    async def complete(self, amount_minor: int) -> Payment:
        """Of amount 0 it is given up. Raises NotAuthorised, CompletionRefused."""
        if self.payment.state is not State.AUTHORISED:
            raise NotAuthorised(self.payment.state)
        self.payment = self._commits.step(self.payment.completing(amount_minor))
        return await self.ask()

    async def expire(self) -> Payment:
        """Give back what is held; that the reader hears of it too is good manners."""
        if self.payment.state is not State.AUTHORISED:
            return self.payment
        self.payment = self._commits.give_back(self.payment.given_up(Why.EXPIRED))
        try:
            await self.reader()
            await self._terminal.complete(self.payment.transaction_id or b"", 0)
        except TerminalError as error:
            log.info("a reader was not told of an expiry: %s", error)
        return self.payment

    async def resolve(self) -> Payment:
        """Ask again, once the reader is back; a refusal is an answer too."""
        try:
            return await self.ask()
        except Refused as refusal:
            log.warning("%s stays as it was: %s", self.payment.request_id.hex(), refusal.code)
            return self.payment

    async def ask(self) -> Payment:
        """The reader's word on what is VOIDING or COMPLETING. Raises TooLate, CompletionRefused."""
        try:
            await self.reader()
            result = await self._question()
        except ReaderBusy:
            return self.payment
        except ReaderRefused as refusal:
            voiding = self.payment.state is State.VOIDING
            self.payment = self._commits.stays(self.payment.stays())
            raise _refusal(refusal, voiding) from None
        except TerminalError as error:
            log.warning("the reader could not be asked: %s", error)
            return self.payment
        self.told(result)
        await self._terminal.kept(result)
        return self.payment

    def told(self, result: Message) -> Payment:
        """The reader's result, whoever fetched it: what is sealed as approved is cancelled no more."""
        if self.payment.state is State.VOIDING and result["outcome"] == "approved":
            self.payment = self._commits.step(self.payment.stays())
        else:
            self.payment = self._commits.end(self._changed(result), result)
        self._announce(self.payment, "ended")
        return self.payment

    async def _question(self) -> Message:
        transaction_id = self.payment.transaction_id or b""
        if self.payment.state is State.VOIDING:
            return await self._terminal.void(transaction_id)
        return await self._terminal.complete(transaction_id, self.payment.paid_minor or 0)

    def _changed(self, result: Message) -> Payment:
        if self.payment.state is State.VOIDING:
            return self.payment.voided(result["why"])
        if result["outcome"] == "voided":
            return self.payment.given_up(Why.GIVEN_UP)
        return self.payment.completed(result["why"], result.get("taken_at"))


def void_intent(commits: Commits, request_id: bytes) -> Payment:
    """VOIDING, unless the payment is not kept, moves no money, or was refunded in part. Raises NotVoidable.

    The row is changed first, which on PostgreSQL keeps refunds of it waiting, and then they are looked for.
    """
    with commits.store.transaction() as work:
        payment = commits.store.get(work, request_id)
        if payment is None or not payment.approved or payment.transaction_id is None or payment.kind == "verification":
            raise NotVoidable(payment.state if payment else "")
        voiding = payment.voiding()
        commits.store.save(work, voiding)
        if commits.store.refunded_minor(work, payment.transaction_id):
            raise NotVoidable("refunded")
    return voiding


def _refusal(refusal: ReaderRefused, voiding: bool) -> Refused:
    if not voiding:
        return CompletionRefused(refusal.code)
    if isinstance(refusal, DayClosed | UnknownTransaction):  # unknown: its day is purged
        return TooLate()
    return NotVoidable(refusal.code)
