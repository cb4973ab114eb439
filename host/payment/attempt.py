"""One payment on its way: what the reader is answered while it asks, and what is stored before each step."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from host.acquirer.errors import AcquirerError
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.clock import Clock
from host.money import Money
from host.payment.advice import Advising
from host.payment.commits import Commits
from host.payment.errors import CaptureDiffers, TransactionIdTaken
from host.payment.icc_data import kept
from host.payment.model import Card, Payment, Why
from host.payment.ports import Acquirer, Message, Terminal
from host.payment.states import Asked, State
from host.terminal.errors import AnotherReader, PaymentUnknown, TerminalError

REVERSAL_FIRST_S = 5.0  # what the reader's question may wait for an older reversal of the same card

log = logging.getLogger(__name__)

Announce = Callable[[Payment, str], None]  # phase: those of the schema, "confirmation", and "ended"
Confirm = Callable[[Payment, Message], Awaitable[bool]]


@dataclass(frozen=True)
class Parts:
    """What every payment is taken with."""

    commits: Commits
    terminal: Terminal
    acquirer: Acquirer
    advising: Advising
    clock: Clock
    announce: Announce
    confirm: Confirm


class Attempt:
    def __init__(self, payment: Payment, parts: Parts) -> None:
        self.payment = payment
        self._commits = parts.commits
        self._terminal = parts.terminal
        self._acquirer = parts.acquirer
        self._advising = parts.advising
        self._clock = parts.clock
        self._announce = parts.announce
        self._confirm = parts.confirm

    async def run(self, **wishes: Any) -> Payment:
        """Have the reader take the payment. Trouble with the reader ends in a state, never in an exception.

        `wishes`: the optional fields of take_payment.
        """
        total = self.payment.total
        try:
            reader = await self.reader()
            if reader != self.payment.reader and not self._moves(self.payment.put_to(reader)):
                return self.payment  # another till has said meanwhile that it never began
            result = await self._terminal.take_payment(
                self.payment.request_id,
                total.amount_minor,
                total.currency.numeric,
                self.authorise,
                self.progress,
                self.confirm,
                **wishes,
            )
        except PaymentUnknown as error:
            return self._in_doubt(error.code, error.transaction_id)
        except TerminalError as error:
            if self.payment.accepted_at is not None:
                return self._in_doubt(error.code)
            return self._told(self.payment.never_began(error.code, self._clock.now()))
        return await self.finish(result)

    async def resolve(self) -> Payment:
        """Ask the reader how it ended; without an answer the payment stays, or becomes, UNKNOWN."""
        try:
            await self.reader()
            told = await self._terminal.status(request_id=self.payment.request_id)
        except TerminalError as error:
            return self._unanswered(error.code)
        if told["type"] == "result":
            return await self.finish(told)
        if told["state"] == "in_progress":
            return self._in_doubt(Why.STILL_IN_PROGRESS)
        if self.payment.accepted_at is not None:
            return self._in_doubt(Why.FORGOTTEN)
        return self._unless_moved(self.payment.never_began(Why.NEVER_BEGAN, self._clock.now()))

    async def finish(self, result: Message) -> Payment:
        """The reader's word on the end: durable first, then the reader may show it."""
        payment = self.end(result)
        if payment.finished and payment.transaction_id:
            await self._terminal.kept(result)
        return payment

    def end(self, result: Message) -> Payment:
        """The same for a result that was fetched by somebody else."""
        if not self._is_ours(result) or result["request_id"] != self.payment.request_id:
            return self._in_doubt(Why.RESULT_OF_ANOTHER)
        payment = self.payment
        if result["outcome"] == "voided":  # of a host that was put back from a backup: it ended and was cancelled since
            payment = payment.lost(Why.FORGOTTEN)
        try:
            self.payment = self._commits.end(_with_result(payment, result, self._clock.now()), result)
        except (TransactionIdTaken, CaptureDiffers) as error:
            log.warning("%s: payment %s", type(error).__name__, self.payment.request_id.hex())
            return self._in_doubt(Why.ID_OF_ANOTHER)
        self._announce(self.payment, "ended")
        return self.payment

    def progress(self, phase: str, transaction_id: bytes) -> None:
        if phase == "accepted" and self.payment.state is State.REQUESTED:
            self._keep(self.payment.accepted(transaction_id, self._clock.now()))
        self._announce(self.payment, phase)

    async def confirm(self, question: Message) -> bool:
        """The merchant's word on a signature or a partial amount."""
        if question["transaction_id"] != self.payment.transaction_id:
            return False
        return await self._confirm(self.payment, question)

    async def authorise(self, question: Message) -> Message:
        """The fields of the online_answer to the reader's online_request; none when the acquirer gave no answer."""
        if not self._is_asked_for(question) or not await self._settled(question):
            return {}
        before, at = self.payment.asked, self._clock.now()
        if not self._keep(self.payment.asking(question, at)):
            return {}
        try:
            answer = await self._acquirer.authorise(authorisation_request(question, self.payment.total, at))
        except AcquirerError as error:
            log.warning("the acquirer gave no answer: %s %s", type(error).__name__, error)
            if not error.may_have_approved and self.payment.state is State.AUTHORISING:
                self.payment = self.payment.answered(before)
            return {}
        if self.payment.state is not State.AUTHORISING:  # the end was told meanwhile: too late
            return {}
        self._answered(answer)
        return answer_fields(answer)

    async def reader(self) -> str:
        """The serial number of the reader that answers. Raises TerminalError, also when the payment was put to another.

        What another reader says of this payment, it says of one that it never had.
        """
        serial = (await self._terminal.connect())["serial"]
        if self.payment.reader not in (None, serial):
            raise AnotherReader(f"{serial}, not {self.payment.reader}")
        return serial

    async def _settled(self, question: Message) -> bool:
        """Is nothing owed of this card? What is, goes first: else its limit could be held twice (terminal/T-R21)."""
        try:
            async with asyncio.timeout(REVERSAL_FIRST_S):
                return "token" not in question or await self._advising.settle_card(question["token"])
        except TimeoutError:
            return False

    def _answered(self, answer: AuthorisationAnswer) -> None:
        """Stored at once where forgetting it would change the end: a refusal, and a part of the amount."""
        approved = answer.approved or answer.authorised is not None
        part = answer.authorised.amount_minor if answer.authorised is not None else None
        payment = self.payment.answered(Asked.APPROVED if approved else Asked.DECLINED, answer.arqc_checked, part)
        if approved and part is None:
            self.payment = payment
        else:
            self._keep(payment)

    def _in_doubt(self, why: str, transaction_id: bytes | None = None) -> Payment:
        """`why` is what keeps us from knowing now."""
        return self._told(self.payment.lost(why, transaction_id))

    def _unanswered(self, why: str) -> Payment:
        """Nobody could be asked: UNKNOWN."""
        doubt = self.payment.lost(why)
        return self.payment if doubt == self.payment else self._unless_moved(doubt)

    def _unless_moved(self, payment: Payment) -> Payment:
        """Another till may have gone on with it meanwhile: that one has its reader."""
        if self._moves(payment):
            self._announce(payment, "ended")
        return self.payment

    def _moves(self, payment: Payment) -> bool:
        self.payment = self._commits.step_from(payment, self.payment)
        return self.payment is payment

    def _told(self, payment: Payment) -> Payment:
        if payment == self.payment:  # as unknown as it was
            return payment
        if not self._keep(payment):
            self._keep(self.payment.lost(Why.ID_OF_ANOTHER))
        self._announce(self.payment, "ended")
        return self.payment

    def _keep(self, payment: Payment) -> bool:
        """Nothing is stored when the reader gave it the id of another payment."""
        try:
            self.payment = self._commits.step(payment)
        except TransactionIdTaken:
            log.warning("the reader repeats a transaction id: payment %s", payment.request_id.hex())
            return False
        return True

    def _is_asked_for(self, message: Message) -> bool:
        """What the cardholder saw and the card signed is what the till asked for, and the tip."""
        amount = self.payment.amount
        return self._is_same(message) and message["amount_minor"] == amount.amount_minor + message.get("tip_minor", 0)

    def _is_ours(self, result: Message) -> bool:
        """And what is captured is that, or the part of it that the acquirer approved."""
        partial = self.payment.asked is Asked.APPROVED and result["amount_minor"] == self.payment.authorised_minor
        return self._is_asked_for(result) or (partial and self._is_same(result))

    def _is_same(self, message: Message) -> bool:
        return (
            message.get("kind", "purchase") == self.payment.kind
            and message.get("original") == self.payment.original
            and message["currency"] == self.payment.amount.currency.numeric
            and self.payment.transaction_id in (None, message["transaction_id"])
        )


def authorisation_request(question: Message, amount: Money, at: datetime) -> AuthorisationRequest:
    """What an online_request asks of the acquirer; `amount` is what it was checked to be."""
    return AuthorisationRequest(
        transaction_id=question["transaction_id"],
        amount=amount,
        interface=question["interface"],
        icc_data=question["icc_data"],
        ksn=question["ksn"],
        sealed_card=question["sealed_card"],
        pin_block=question.get("pin_block"),
        mac=question["mac"],
        requested_at=at,
        kind=question.get("kind", "purchase"),
        amount_other_minor=question.get("amount_other_minor", 0),
        tip_minor=question.get("tip_minor", 0),
        original=question.get("original"),
    )


def answer_fields(answer: AuthorisationAnswer) -> Message:
    """Of the online_answer that brings it to the reader."""
    fields: Message = {"response_code": answer.response_code, "icc_data": answer.icc_data, "mac": answer.mac}
    if answer.authorisation_code:
        fields["authorisation_code"] = answer.authorisation_code
    if answer.authorised is not None:
        fields["authorised_minor"] = answer.authorised.amount_minor
    return fields


def _with_result(payment: Payment, result: Message, at: datetime) -> Payment:
    card = None
    if "last4" in result:
        names = ("token", "token_version", "label", "brand", "brand_by", "par_token")
        card = Card(result["last4"], *[result.get(name) for name in names])
    final = result["outcome"] == "approved" and payment.kind != "preauthorisation"
    return payment.ended(
        result["outcome"],
        at,
        transaction_id=result["transaction_id"],
        why=result["why"],
        tip_minor=result.get("tip_minor", payment.tip_minor),
        paid_minor=result["amount_minor"] if final else None,
        taken_at=result.get("taken_at"),
        interface=result.get("interface"),
        card=card,
        token=result.get("token", payment.token),
        cvm=result.get("cvm"),
        icc_data=kept(result.get("icc_data", b"")),
        response_code=result.get("response_code"),
        authorisation_code=result.get("authorisation_code"),
        apdus=result["apdus"],
    )
