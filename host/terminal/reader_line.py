"""The line to one reader: connected when it is needed, one thing at a time, each question under a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from host.terminal.byte_link import ByteLink
from host.terminal.connection import Connection, Message, refused
from host.terminal.errors import AnotherReader, LinkLost, ReaderBusy, ReaderTimeout
from host.terminal.loyalty import LoyaltyDesk
from protocol.states import ENDING


@dataclass(frozen=True)
class Deadlines:
    """In seconds."""

    hello: float = 3
    answer: float = 5  # to a question that is no payment
    seal: float = 60  # to close a day: the reader goes through its journal
    quiet: float = 15  # in mid payment, before the reader is asked whether it lives
    retry: float = 0.5  # between two tries to connect again
    resume: float = 60  # to find a reader again that was lost in mid payment
    payment: float = 300


class ReaderLine:
    """The first reader that says welcome stays the one: another, met when the link comes back, knows nothing of a
    payment that it never had, and would take it a second time.

    welcome: the latest, empty before the first. A line may stand for days: its day and version follow what is asked of
    the reader; the rest of the journal was so then. loyalty: what cardholders say there, whatever is asked meanwhile.
    """

    def __init__(self, byte_link: ByteLink, name: str, deadlines: Deadlines | None) -> None:
        self.welcome: Message = {}
        self.loyalty = LoyaltyDesk()
        self._byte_link = byte_link
        self._name = name
        self._deadlines = deadlines or Deadlines()
        self._connection: Connection | None = None
        self._busy = False
        self._free = asyncio.Event()
        self._serial: str | None = None

    @property
    def connected(self) -> bool:
        return self._connection is not None and self._connection.alive

    @property
    def connected_serial(self) -> str | None:
        """Serial number of the reader that the next question goes to, as long as the link holds."""
        return self._serial if self.connected else None

    @property
    def busy(self) -> bool:
        """A question now would be refused."""
        return self._busy

    async def connect(self) -> Message:
        """Connect unless connected: the welcome. Raises any TerminalError but PaymentUnknown."""
        async with self._turn():
            return (await self._connect()).welcome

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _connect(self) -> Connection:
        if self._connection is None or not self._connection.alive:
            await self.close()
            self._connection = await Connection.open(
                self._byte_link, self._name, self._deadlines.hello, self.loyalty.answer
            )
            serial = self._connection.welcome["serial"]
            if self._serial not in (None, serial):
                await self.close()
                raise AnotherReader(f"{serial} answered, not {self._serial}")
            self._serial = serial
            self.welcome = self._connection.welcome
        return self._connection

    def _in_progress(self) -> Message:
        """What `busy` tells of what is going on."""
        return {}

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """A question is waited for, it has a deadline; a payment never: a sale that waits for its turn would surprise
        the next customer (attacks/B-13)."""
        while self._busy:
            if told := self._in_progress():
                raise ReaderBusy({"code": "busy"} | told)
            await self._free.wait()
        self._busy = True
        self._free.clear()
        try:
            yield
        finally:
            self._busy = False
            self._free.set()

    async def _question(
        self, question: Message, is_answer: Callable[[Message], bool], within_s: float | None = None
    ) -> Message:
        """The answer, for whoever has the turn. Raises any TerminalError but PaymentUnknown."""
        within_s = within_s or self._deadlines.answer
        connection = await self._connect()
        await connection.send(question)
        try:
            async with asyncio.timeout(within_s):
                while True:
                    answer = await connection.receive(within_s)
                    if answer["type"] == "error":
                        raise LinkLost(answer["code"]) if answer["code"] in ENDING else refused(answer)
                    if is_answer(answer):
                        return answer
        except TimeoutError:
            raise ReaderTimeout from None

    async def _parts(self, question: Message, answer_type: str) -> bytes:
        """The data of all parts, joined."""
        data, part, parts = b"", 0, 1
        async with self._turn():
            while part < parts:
                answer = await self._question(
                    question | {"part": part},
                    lambda answer, part=part: answer["type"] == answer_type and answer["part"] == part,
                )
                data += answer["data"]
                part, parts = part + 1, answer["parts"]
        return data
