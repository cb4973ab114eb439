"""One session with a reader on an open ByteLink: from hello until the link is cut or either side gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from host.terminal.byte_link import ByteLink
from host.terminal.errors import REFUSALS, LinkLost, ReaderBroken, ReaderRefused, ReaderTimeout, TerminalError
from protocol.errors import NO_CREDIT, LocalProtocolError, RemoteProtocolError
from protocol.session import VERSIONS, Session
from protocol.states import HOST

Message = dict[str, Any]
Hear = Callable[[Message], Message | None]

UNASKED = ("enrolment", "loyalty_refused")  # said when a cardholder pressed a key, whatever is asked meanwhile


def refused(error: Message) -> ReaderRefused:
    """The exception for an error message."""
    return REFUSALS.get(error["code"], ReaderRefused)(error)


class Connection:
    """welcome: the reader's, once opened. What the reader says waits in a queue that its credits bound.

    `hear` gets what is UNASKED, at once, and gives what is said to it, if anything; it does not raise.
    """

    def __init__(self, byte_link: ByteLink, hear: Hear) -> None:
        self.welcome: Message = {}
        self._byte_link = byte_link
        self._hear = hear
        self._session = Session(HOST)
        self._heard: asyncio.Queue[Message | None] = asyncio.Queue()
        self._end: TerminalError | None = None
        self._sending = asyncio.Lock()
        self._pump = asyncio.create_task(self._receive_all())

    @classmethod
    async def open(cls, byte_link: ByteLink, name: str, hello_s: float, hear: Hear) -> Connection:
        """Connect and say hello. Raises any TerminalError but PaymentUnknown."""
        await byte_link.open()
        connection = cls(byte_link, hear)
        try:
            await connection.send({"type": "hello", "versions": list(VERSIONS), "name": name})
            answer = await connection.receive(hello_s)
            if answer["type"] == "error":
                raise refused(answer)
        except BaseException:  # cancelled too: nothing of a half opened connection may stay
            await connection.close()
            raise
        connection.welcome = answer
        return connection

    @property
    def alive(self) -> bool:
        return self._end is None

    async def send(self, message: Message) -> None:
        """Raises LinkLost, ReaderBroken, or ReaderTimeout when the reader takes no more."""
        if self._end is not None:
            raise self._end
        try:
            self._session.send(message)
        except LocalProtocolError as error:
            if error.reason == NO_CREDIT:
                raise ReaderTimeout(error.reason) from None
            raise
        await self._flush()

    async def receive(self, within_s: float) -> Message:
        """The next message. Raises ReaderTimeout, or what ended the connection."""
        try:
            async with asyncio.timeout(within_s):
                message = await self._heard.get()
        except TimeoutError:
            raise ReaderTimeout from None
        if message is None:
            self._heard.put_nowait(None)  # it stays ended
            raise self._end or LinkLost()
        return message

    async def close(self) -> None:
        self._end = self._end or LinkLost("closed")
        self._heard.put_nowait(None)
        self._pump.cancel()
        await self._byte_link.close()

    async def _receive_all(self) -> None:
        try:
            while self._session.state != "closed" and (data := await self._byte_link.receive()):
                self._session.receive(data)
                while (message := self._session.next_message()) is not None:
                    await self._take(message)
                await self._flush()
            self._end = LinkLost()
        except LinkLost as error:
            self._end = error
        except RemoteProtocolError as error:
            self._end = ReaderBroken(error.reason)
        self._heard.put_nowait(None)

    async def _take(self, message: Message) -> None:
        if message["type"] not in UNASKED:
            self._heard.put_nowait(message)
        elif (answer := self._hear(message)) is not None:
            try:
                await self.send(answer)
            except ReaderTimeout:
                pass  # it takes nothing now, and tells its cardholder so

    async def _flush(self) -> None:
        async with self._sending:
            if data := self._session.take_outgoing():
                await self._byte_link.send(data)
