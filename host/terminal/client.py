"""The reader as the till sees it: one client for both links. Every wait has a deadline; unknown stays unknown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_bytes

from host.terminal.byte_link import ByteLink
from host.terminal.connection import Connection, Message, refused
from host.terminal.errors import (
    AnotherReader,
    LinkLost,
    NotSigned,
    PaymentUnknown,
    ReaderBroken,
    ReaderBusy,
    ReaderNotFound,
    ReaderRefused,
    ReaderTimeout,
    TerminalError,
)
from host.terminal.running_payment import Authorise, Progress, RunningPayment

CUT = (LinkLost, ReaderBroken, ReaderTimeout)  # a new connection may help


@dataclass(frozen=True)
class Deadlines:
    """In seconds."""

    hello: float = 3
    answer: float = 5  # to a status or trace query
    quiet: float = 15  # in mid payment, before the reader is asked whether it lives
    retry: float = 0.5  # between two tries to connect again
    resume: float = 60  # to find a reader again that was lost in mid payment
    payment: float = 300


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


class ReaderClient:
    """One reader over one link; one thing at a time.

    The first reader that says welcome stays the one: another, met when the link comes back, knows nothing of a payment
    that it never had, and would take it a second time.
    """

    def __init__(self, byte_link: ByteLink, name: str = "Zinc", deadlines: Deadlines | None = None) -> None:
        """name: what the reader calls this host, 32 bytes at most."""
        self._byte_link = byte_link
        self._name = name
        self._deadlines = deadlines or Deadlines()
        self._connection: Connection | None = None
        self._payment: RunningPayment | None = None
        self._busy = False
        self._serial: str | None = None

    @property
    def connected(self) -> bool:
        return self._connection is not None and self._connection.alive

    async def connect(self) -> Message:
        """Connect unless connected: the welcome. Raises any TerminalError but PaymentUnknown."""
        with self._turn():
            return (await self._connect()).welcome

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def take_payment(
        self,
        request_id: bytes,
        amount_minor: int,
        currency: int,
        authorise: Authorise,
        progress: Progress,
        **wishes: str | int,
    ) -> Message:
        """The result message.

        request_id: 8 bytes, one for each intent to be paid: with the same one there is never a second payment.
        authorise(online_request) -> the fields of the online_answer; {} when the acquirer gave none. It is awaited
            once, beside the conversation, and cancelled when the payment ends before it.
        progress(phase, transaction_id) is called with each phase of this payment: accepted, card_presented, ...
        wishes: the optional fields of take_payment: brand, interface, kind, amount_other_minor.

        Raises ReaderRefused, ReaderBusy and, as long as nothing was asked, whatever connect raises: there is no
        payment. Raises PaymentUnknown when it was asked for and no result came.
        """
        request = {
            "type": "take_payment",
            "request_id": request_id,
            "amount_minor": amount_minor,
            "currency": currency,
        } | wishes
        return await self._to_its_end(RunningPayment(request, authorise, progress))

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

    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> Message:
        """By one of the ids: the result message when the payment has ended, else the status message.

        Raises any TerminalError but PaymentUnknown.
        """
        key, value = ("request_id", request_id) if request_id is not None else ("transaction_id", transaction_id)
        with self._turn():
            return await self._question(
                {"type": "status_query", key: value},
                lambda answer: answer["type"] in ("status", "result") and answer.get(key, value) == value,
            )

    async def trace(self, transaction_id: bytes) -> bytes:
        """Why the reader decided as it did: CBOR, emv/trace.py says of what. Raises as `status` does."""
        data, part, parts = b"", 0, 1
        with self._turn():
            while part < parts:
                answer = await self._question(
                    {"type": "trace_query", "transaction_id": transaction_id, "part": part},
                    lambda answer, part=part: answer["type"] == "trace" and answer["part"] == part,
                )
                data += answer["data"]
                part, parts = part + 1, answer["parts"]
        return data

    async def _to_its_end(self, payment: RunningPayment) -> Message:
        with self._turn():
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

    async def _connect(self) -> Connection:
        if self._connection is None or not self._connection.alive:
            await self.close()
            self._connection = await Connection.open(self._byte_link, self._name, self._deadlines.hello)
            serial = self._connection.welcome["serial"]
            if self._serial not in (None, serial):
                await self.close()
                raise AnotherReader(f"{serial} answered, not {self._serial}")
            self._serial = serial
        return self._connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Never a queue: a sale that waits for its turn would surprise the next customer (attacks/B-13)."""
        if self._busy:
            refusal: Message = {"code": "busy"}
            if self._payment is not None:
                refusal["transaction_id"] = self._payment.transaction_id
                refusal["amount_minor"] = self._payment.request.get("amount_minor", 0)
            raise ReaderBusy(refusal)
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    async def _question(self, question: Message, is_answer: Callable[[Message], bool]) -> Message:
        connection = await self._connect()
        await connection.send(question)
        try:
            async with asyncio.timeout(self._deadlines.answer):
                while True:
                    answer = await connection.receive(self._deadlines.answer)
                    if answer["type"] == "error":
                        raise refused(answer)
                    if is_answer(answer):
                        return answer
        except TimeoutError:
            raise ReaderTimeout from None

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
