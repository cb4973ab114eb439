"""A payment that runs on the reader, as the host follows it through as many connections as it takes.

A card that signs is followed the same way: another question, and another end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from host.terminal.connection import Connection, Message, refused
from host.terminal.errors import LinkLost, PaymentUnknown, ReaderTimeout, TerminalError
from protocol import messages
from protocol.states import ENDING

Authorise = Callable[[Message], Awaitable[Message]]
Confirm = Callable[[Message], Awaitable[bool]]
Progress = Callable[[str, bytes], None]  # phase of the schema, transaction id

ENDS = ("result", "card_signature")
QUESTIONS = {"online_request": "online_answer", "confirmation_request": "confirmation"}  # and what answers them

log = logging.getLogger(__name__)


async def refuse(_question: Message) -> bool:
    """Nobody is there to confirm anything."""
    return False


class RunningPayment:
    """request: the take_payment, or sign_with_card.

    transaction_id: the reader's, None until it accepts. asked: the reader may have heard of this payment.
    """

    def __init__(self, request: Message, authorise: Authorise, progress: Progress, confirm: Confirm = refuse) -> None:
        self.request = request
        self.transaction_id: bytes | None = None
        self.asked = False
        self._authorise = authorise
        self._confirm = confirm
        self._progress = progress
        self._cancelled = False
        self._refusable = False  # the request is the last that was asked: an error refuses it
        self._connection: Connection | None = None
        self._question: Message | None = None  # what the reader asked last; it may come before we know its id
        self._answering: dict[tuple, asyncio.Task[None]] = {}  # one task a question
        self._answers: dict[tuple, Message] = {}  # to each time that the reader asks

    async def begin(self, connection: Connection) -> None:
        """Raises what Connection.send raises."""
        self._connection = connection
        await self._ask(connection)

    async def resume(self, connection: Connection) -> None:
        """On a new connection: where is it? Raises what Connection.send raises."""
        self._connection = connection
        self._refusable = False
        await connection.send({"type": "status_query", "request_id": self.request["request_id"]})

    async def follow(self, quiet_s: float) -> Message:
        """Until the result. Raises ReaderRefused, PaymentUnknown, or LinkLost and ReaderBroken: then resume.

        After `quiet_s` without a word the reader is asked; silent again, it counts as gone.
        """
        connection = self._connection
        assert connection is not None, "follow comes after begin or resume"
        asked_again = False
        while True:
            try:
                message = await connection.receive(quiet_s)
            except ReaderTimeout:
                if asked_again:
                    raise LinkLost("silent") from None
                asked_again = True
                await self.resume(connection)
                continue
            asked_again = False
            if self._is_result(message):
                return message
            await self._hear(message, connection)

    async def cancel(self) -> None:
        """As soon as the reader has accepted; does nothing when the link is cut: it is said again after."""
        self._cancelled = True
        if self.transaction_id is not None and self._connection is not None and self._connection.alive:
            await self._connection.send({"type": "cancel", "transaction_id": self.transaction_id})

    def stop(self) -> None:
        """Nobody waits for the acquirer or the merchant any more."""
        for task in self._answering.values():
            task.cancel()

    async def _ask(self, connection: Connection) -> None:
        self.asked = self._refusable = True
        await connection.send(self.request)

    def _is_result(self, message: Message) -> bool:
        return message["type"] in ENDS and message["request_id"] == self.request["request_id"]

    async def _hear(self, message: Message, connection: Connection) -> None:
        kind = message["type"]
        if kind == "progress":
            await self._hear_progress(message)
        elif kind in QUESTIONS:
            self._question = message
            await self._answer()
        elif kind == "status":
            await self._hear_status(message, connection)
        elif kind == "error" and message["code"] in ENDING:
            raise LinkLost(message["code"])
        elif kind == "error" and self._refusable:
            raise refused(message)

    async def _hear_progress(self, message: Message) -> None:
        if message.get("request_id") == self.request["request_id"]:
            await self._accepted(message["transaction_id"])
        if message["transaction_id"] == self.transaction_id:
            self._progress(message["phase"], message["transaction_id"])

    async def _hear_status(self, message: Message, connection: Connection) -> None:
        if message.get("request_id") != self.request["request_id"]:
            return
        if message["state"] == "in_progress" and "transaction_id" in message:
            await self._accepted(message["transaction_id"])
        elif message["state"] == "not_found" and self.transaction_id is None:
            await self._ask(connection)  # it never arrived; were it to arrive twice, it is one payment
        elif message["state"] == "not_found":  # a reader that forgets what it accepted: never begin anew
            raise PaymentUnknown(self.request["request_id"], self.transaction_id)

    async def _accepted(self, transaction_id: bytes) -> None:
        self.transaction_id = transaction_id
        self._refusable = False
        if self._cancelled:
            await self.cancel()
        await self._answer()

    async def _answer(self) -> None:
        """A question is put once, the reader is answered each time that it asks; never for another's payment."""
        question = self._question
        if question is None or question["transaction_id"] != self.transaction_id:
            return
        self._question = None
        which = (question["type"], question.get("what"))
        if which not in self._answering:
            self._answering[which] = asyncio.create_task(self._find_answer(which, question))
        elif which in self._answers:
            await self._send(self._answers[which])

    async def _find_answer(self, which: tuple, question: Message) -> None:
        answer: Message = {"type": QUESTIONS[question["type"]], "transaction_id": question["transaction_id"]}
        try:
            found = answer | await self._put(question)
            messages.encode(found)
            answer = found
        except Exception:  # whatever failed there, the reader must hear that it gets no answer
            log.exception("%s failed", question["type"])
            if question["type"] == "confirmation_request":
                answer["accepted"] = "no"
        self._answers[which] = answer
        try:
            await self._send(answer)
        except TerminalError:
            pass  # the reader asks again once the link is back

    async def _put(self, question: Message) -> Message:
        if question["type"] == "online_request":
            return await self._authorise(question)
        return {"accepted": "yes" if await self._confirm(question) else "no"}

    async def _send(self, answer: Message) -> None:
        if self._connection is not None:
            await self._connection.send(answer)
