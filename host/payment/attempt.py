"""One payment on its way: what the reader is answered while it asks, and what is stored before each step."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from host.acquirer.errors import AcquirerError
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.clock import Clock
from host.money import Money
from host.payment.errors import TransactionIdTaken
from host.payment.icc_data import kept
from host.payment.model import Card, Payment, Why
from host.payment.ports import Acquirer, Ledger, Message, Store, Terminal
from host.payment.states import Asked, State
from host.terminal.errors import AnotherReader, PaymentUnknown, TerminalError

log = logging.getLogger(__name__)

Announce = Callable[[Payment, str], None]  # phase: those of the schema, and "ended"


class Attempt:
    def __init__(
        self,
        payment: Payment,
        store: Store,
        terminal: Terminal,
        acquirer: Acquirer,
        ledger: Ledger,
        clock: Clock,
        announce: Announce,
    ) -> None:
        self.payment = payment
        self._store = store
        self._terminal = terminal
        self._acquirer = acquirer
        self._ledger = ledger
        self._clock = clock
        self._announce = announce

    async def run(self, **wishes: str) -> Payment:
        """Have the reader take the payment. Trouble with the reader ends in a state, never in an exception.

        `wishes`: the optional fields of take_payment.
        """
        amount = self.payment.amount
        try:
            self._keep(self.payment.put_to(await self._reader()))
            result = await self._terminal.take_payment(
                self.payment.request_id,
                amount.amount_minor,
                amount.currency.numeric,
                self.authorise,
                self.progress,
                **wishes,
            )
        except PaymentUnknown as error:
            return self._in_doubt(error.code, error.transaction_id)
        except TerminalError as error:
            if self.payment.accepted_at is not None:
                return self._in_doubt(error.code)
            return self._end(self.payment.never_began(error.code, self._clock.now()))
        return self._finish(result)

    async def resolve(self) -> Payment:
        """Ask the reader how it ended; without an answer the payment stays, or becomes, UNKNOWN."""
        try:
            await self._reader()
            told = await self._terminal.status(request_id=self.payment.request_id)
        except TerminalError as error:
            return self._in_doubt(error.code)
        if told["type"] == "result":
            return self._finish(told)
        if told["state"] == "in_progress":
            return self._in_doubt(Why.STILL_IN_PROGRESS)
        if self.payment.accepted_at is not None:
            return self._in_doubt(Why.FORGOTTEN)
        return self._end(self.payment.never_began(Why.NEVER_BEGAN, self._clock.now()))

    def progress(self, phase: str, transaction_id: bytes) -> None:
        if phase == "accepted" and self.payment.state is State.REQUESTED:
            self._keep(self.payment.accepted(transaction_id, self._clock.now()))
        self._announce(self.payment, phase)

    async def authorise(self, question: Message) -> Message:
        """The fields of the online_answer to the reader's online_request; none when the acquirer gave no answer."""
        if not self._is_ours(question):
            return {}
        before = self.payment.asked
        if not self._keep(self.payment.asking(question["transaction_id"], question["interface"], self._clock.now())):
            return {}
        try:
            asked = authorisation_request(question, self.payment.amount, self._clock.now())
            answer = await self._acquirer.authorise(asked)
        except AcquirerError as error:
            log.warning("the acquirer gave no answer: %s %s", type(error).__name__, error)
            self._keep(self.payment.answered(Asked.ASKED if error.may_have_approved else before))
            return {}
        self._keep(self.payment.answered(Asked.APPROVED if answer.approved else Asked.DECLINED, answer.arqc_checked))
        return answer_fields(answer)

    async def _reader(self) -> str:
        """The serial number of the reader that answers. Raises TerminalError, also when the payment was put to another.

        What another reader says of this payment, it says of one that it never had.
        """
        serial = (await self._terminal.connect())["serial"]
        if self.payment.reader not in (None, serial):
            raise AnotherReader(f"{serial}, not {self.payment.reader}")
        return serial

    def _in_doubt(self, why: str, transaction_id: bytes | None = None) -> Payment:
        """`why` is what keeps us from knowing now."""
        return self._end(self.payment.lost(why, transaction_id))

    def _finish(self, result: Message) -> Payment:
        if not self._is_ours(result) or result["request_id"] != self.payment.request_id:
            return self._in_doubt(Why.RESULT_OF_ANOTHER)
        return self._end(_with_result(self.payment, result, self._clock))

    def _end(self, payment: Payment) -> Payment:
        if not self._keep(payment):
            self._keep(self.payment.lost(Why.ID_OF_ANOTHER))
        self._announce(self.payment, "ended")
        return self.payment

    def _keep(self, payment: Payment) -> bool:
        """State and ledger entry in one commit; nothing of it when the reader gave it the id of another payment."""
        try:
            with self._store.transaction() as work:
                if payment.approved and payment.transaction_id:
                    entry = self._ledger.record_sale(work, payment.transaction_id, payment.amount)
                    payment = replace(payment, ledger_entry=entry)
                self._store.save(work, payment)
        except TransactionIdTaken:
            log.warning("the reader repeats a transaction id: payment %s", payment.request_id.hex())
            return False
        self.payment = payment
        return True

    def _is_ours(self, message: Message) -> bool:
        """What the cardholder saw and the card signed is what the till asked for."""
        return (
            message.get("kind", "purchase") == "purchase"
            and message["amount_minor"] == self.payment.amount.amount_minor
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
    )


def answer_fields(answer: AuthorisationAnswer) -> Message:
    """Of the online_answer that brings it to the reader."""
    fields: Message = {"response_code": answer.response_code, "icc_data": answer.icc_data, "mac": answer.mac}
    if answer.authorisation_code:
        fields["authorisation_code"] = answer.authorisation_code
    return fields


def _with_result(payment: Payment, result: Message, clock: Clock) -> Payment:
    card = None
    if "last4" in result:
        names = ("token", "token_version", "label", "brand", "brand_by")
        card = Card(result["last4"], *[result.get(name) for name in names])
    return payment.ended(
        result["outcome"],
        clock.now(),
        transaction_id=result["transaction_id"],
        why=result["why"],
        interface=result.get("interface"),
        card=card,
        cvm=result.get("cvm"),
        icc_data=kept(result.get("icc_data", b"")),
        response_code=result.get("response_code"),
        authorisation_code=result.get("authorisation_code"),
        apdus=result["apdus"],
    )
