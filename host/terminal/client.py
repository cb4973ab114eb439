"""The reader as the till sees it: one client for both links. Every wait has a deadline; unknown stays unknown."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from secrets import token_bytes

from host.terminal.byte_link import ByteLink
from host.terminal.connection import Connection, Message
from host.terminal.errors import (
    LinkLost,
    NotSigned,
    PaymentUnknown,
    ReaderBroken,
    ReaderNotFound,
    ReaderRefused,
    ReaderTimeout,
    TerminalError,
)
from host.terminal.reader_line import Deadlines
from host.terminal.reader_questions import ReaderQuestions
from host.terminal.running_payment import Authorise, Confirm, Progress, RunningPayment, refuse

CUT = (LinkLost, ReaderBroken, ReaderTimeout)  # a new connection may help


@dataclass(frozen=True)
class CardSignature:
    """response: the digits that the cardholder saw too. signed_data: tags 9F27, 9F36, 9F26 and 9F10 of the card, one
    after the other, from which an issuer computes them."""

    response: str
    signed_data: bytes


def unheeded(_phase: str, _transaction_id: bytes) -> None:
    """A progress that nobody looks at."""


async def no_acquirer(_question: Message) -> Message:
    """A signature asks none."""
    return {}


class ReaderClient(ReaderQuestions):
    """One reader over one link; one thing at a time."""

    def __init__(self, byte_link: ByteLink, name: str = "Zinc", deadlines: Deadlines | None = None) -> None:
        """name: what the reader calls this host, 32 bytes at most."""
        super().__init__(byte_link, name, deadlines)
        self._payment: RunningPayment | None = None

    async def take_payment(
        self,
        request_id: bytes,
        amount_minor: int,
        currency: int,
        authorise: Authorise,
        progress: Progress,
        confirm: Confirm = refuse,
        **wishes: object,
    ) -> Message:
        """The result message; whoever has stored it says `kept`.

        request_id: 8 bytes, one for each intent to be paid: with the same one there is never a second payment.
        authorise(online_request) -> the fields of the online_answer; {} when the acquirer gave none. It is awaited
            once, beside the conversation, and cancelled when the payment ends before it.
        progress(phase, transaction_id) is called with each phase of this payment: accepted, card_presented, ...
        confirm(confirmation_request) -> does the merchant accept? Awaited as authorise is; unless given, it is no.
        wishes: the optional fields of take_payment: brand, interface, kind, tips, original, store_and_forward, ...

        Raises ReaderRefused, ReaderBusy and, as long as nothing was asked, whatever connect raises: there is no
        payment. Raises PaymentUnknown when it was asked for and no result came.
        """
        request = {
            "type": "take_payment",
            "request_id": request_id,
            "amount_minor": amount_minor,
            "currency": currency,
        } | wishes
        return await self._to_its_end(RunningPayment(request, authorise, progress, confirm))

    async def sign_with_card(
        self, challenge: str, amount_minor: int | None = None, progress: Progress = unheeded
    ) -> CardSignature:
        """EMV-CAP: a cardholder sees the challenge (1 to 8 digits) and the amount, and types the PIN; the card signs.

        Nothing is paid. Raises NotSigned with the reader's why, ReaderRefused, ReaderBusy, LinkLost when it is not
        known how it ended (ask anew), and whatever connect raises.
        """
        if not re.fullmatch("[0-9]{1,8}", challenge):  # no message holds another length
            raise ReaderRefused({"code": "challenge_malformed"})
        request: Message = {"type": "sign_with_card", "request_id": token_bytes(8), "challenge": challenge}
        if amount_minor is not None:
            request["amount_minor"] = amount_minor
        try:
            told = await self._to_its_end(RunningPayment(request, no_acquirer, progress))
        except PaymentUnknown:
            raise LinkLost("nothing was paid") from None
        if "response" not in told:
            raise NotSigned(told["why"])
        return CardSignature(told["response"], told["signed_data"])

    async def cancel(self) -> None:
        """Ask the reader to give up the running payment. How it ended is its result: it may be too late."""
        if self._payment is not None:
            try:
                await self._payment.cancel()
            except CUT:
                pass  # said again when the payment resumes

    async def _to_its_end(self, payment: RunningPayment) -> Message:
        async with self._turn():
            self._payment = payment
            try:
                async with asyncio.timeout(self._deadlines.payment):
                    return await self._run(payment)
            except (*CUT, ReaderNotFound, TimeoutError) as error:
                if payment.asked:
                    raise PaymentUnknown(payment.request["request_id"], payment.transaction_id) from error
                raise
            finally:
                payment.stop()
                self._payment = None

    def _in_progress(self) -> Message:
        if self._payment is None:
            return {}
        return {
            "transaction_id": self._payment.transaction_id,
            "amount_minor": self._payment.request.get("amount_minor", 0),
        }

    async def _run(self, payment: RunningPayment) -> Message:
        connection = await self._connect()
        try:
            await payment.begin(connection)
            return await payment.follow(self._deadlines.quiet)
        except CUT:
            pass
        while True:
            connection = await self._find_again()
            try:
                await payment.resume(connection)
                return await payment.follow(self._deadlines.quiet)
            except CUT:
                pass

    async def _find_again(self) -> Connection:
        """Connect anew, as often as it takes. Raises TimeoutError."""
        await self.close()
        async with asyncio.timeout(self._deadlines.resume):
            while True:
                try:
                    return await self._connect()
                except TerminalError:  # busy, too: the reader may not have noticed yet that we were gone
                    await asyncio.sleep(self._deadlines.retry)
