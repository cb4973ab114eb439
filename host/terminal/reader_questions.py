"""What the till asks of a reader that is no payment: how one ended, what becomes of it, and the evening.

Each may be asked again, and is answered the same. All raise any TerminalError but PaymentUnknown; a refusal by its name
(host/terminal/errors.py).
"""

from __future__ import annotations

from collections.abc import Callable

from host.terminal.connection import Message
from host.terminal.errors import TerminalError
from host.terminal.reader_line import ReaderLine


class ReaderQuestions(ReaderLine):
    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> Message:
        """By one of the ids: the result message when the payment has ended, else the status message."""
        key, value = ("request_id", request_id) if request_id is not None else ("transaction_id", transaction_id)
        async with self._turn():
            return await self._question(
                {"type": "status_query", key: value},
                lambda answer: answer["type"] in ("status", "result") and answer.get(key, value) == value,
            )

    async def trace(self, transaction_id: bytes) -> bytes:
        """Why the reader decided as it did: CBOR, emv/trace.py says of what."""
        return await self._parts({"type": "trace_query", "transaction_id": transaction_id}, "trace")

    async def kept(self, result: Message) -> None:
        """The host's copy of it is durable: the reader may show the end, and a greeting after it. Nobody answers.

        A reader that is out of reach shows the end by itself; it is told when its result is heard again.
        """
        if self._connection is not None and self._connection.alive:
            try:
                await self._connection.send(self.loyalty.kept(result))
            except TerminalError:
                pass

    async def void(self, transaction_id: bytes) -> Message:
        """The merchant's cancellation of a sale: its result, now voided. Raises DayClosed, NotApproved too."""
        return await self._result_of({"type": "void", "transaction_id": transaction_id}, "voided")

    async def complete(self, transaction_id: bytes, amount_minor: int) -> Message:
        """A pre-authorisation's result at its final amount, which is captured; of amount 0 it is voided.

        Raises PreauthorisationExpired, NotApproved, DayClosed too.
        """
        question: Message = {"type": "complete", "transaction_id": transaction_id, "amount_minor": amount_minor}
        return await self._result_of(question, "approved" if amount_minor else "voided")

    async def close_day(self, number: int, business_date: int) -> Message:
        """The seal message. number: the open day's, from the welcome. business_date: YYYYMMDD. Raises WrongSeal too."""
        question: Message = {"type": "close_day", "number": number, "business_date": business_date}
        async with self._turn():
            seal = await self._question(question, _about("seal", number), self._deadlines.seal)
        self.welcome["number"] = max(number + 1, self.welcome.get("number", 0))
        return seal

    async def seal_lines(self, number: int) -> bytes:
        """What is under a seal: lines of 33 bytes. Raises WrongSeal too."""
        return await self._parts({"type": "seal_query", "number": number}, "seal_lines")

    async def acknowledge(self, number: int, hash: bytes) -> None:  # noqa: A002  as the schema names it
        """The acquirer has the day; durable in the reader when this returns. Raises WrongSeal too."""
        question: Message = {"type": "acknowledge", "number": number, "hash": hash}
        async with self._turn():
            await self._question(question, _about("acknowledged", number))

    async def apply_parameters(self, contract: bytes, signature: bytes) -> int:
        """The version that is in force. Raises BadSignature, OldVersion too."""
        question: Message = {"type": "parameters", "contract": contract, "signature": signature}
        async with self._turn():
            answer = await self._question(question, lambda answer: answer["type"] == "parameters_applied")
        self.welcome["parameters_version"] = answer["parameters_version"]
        return answer["parameters_version"]

    async def _result_of(self, question: Message, outcome: str) -> Message:
        def is_answer(answer: Message) -> bool:
            about = answer["type"] == "result" and answer["transaction_id"] == question["transaction_id"]
            return about and answer["outcome"] == outcome

        async with self._turn():
            return await self._question(question, is_answer)


def _about(answer_type: str, number: int) -> Callable[[Message], bool]:
    return lambda answer: answer["type"] == answer_type and answer["number"] == number
