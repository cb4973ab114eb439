"""One ByteLink and the sessions on it, one after the other.

TLS will stand between the two as a byte channel of its own (terminal/T-D1): `_hear` and `_flush` are the two places
where bytes pass.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from firmware.errors import LinkLost
from protocol import messages
from protocol.errors import RemoteProtocolError
from protocol.session import Session
from protocol.states import READER

if TYPE_CHECKING:
    from typing import Callable

    from firmware.drivers.byte_link import ByteLink

HELLO_WITHIN_S = 5  # whoever connects and does not say hello makes room for another (attacks/B-14)
OUTBOX = 8


class Line:
    """hears(line, message) is called with each message, over(line) at each session's end."""

    def __init__(self, byte_link: ByteLink, hears: Callable[[Line, dict], None], over: Callable[[Line], None]) -> None:
        self._byte_link = byte_link
        self._hears = hears
        self._over = over
        self._session = Session(READER)
        self._outbox: list[dict] = []
        self._wake = asyncio.Event()
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Serve one connection after the other; never returns."""
        while True:
            await self._byte_link.connected()
            sender = asyncio.create_task(self._send())
            try:
                leftover: bytes | None = b""
                while leftover is not None:
                    leftover = await self._converse(leftover)
                self._byte_link.close()
            except LinkLost:
                pass  # nothing to close: the next connection may stand already
            finally:
                sender.cancel()

    def post(self, message: dict) -> None:
        """Send when the host has room; a host that never has any loses the oldest. Raises InvalidMessage."""
        if not self._outbox and self._has_room():
            self._session.send(message)
        else:
            messages.encode(message)  # whoever wrote it hears now what is wrong with it
            if len(self._outbox) == OUTBOX:
                del self._outbox[0]
            self._outbox.append(message)
        self._wake.set()

    async def _converse(self, leftover: bytes) -> bytes | None:
        """One session. What the next one begins with, None when the connection is to be closed. Raises LinkLost."""
        session = self._session = Session(READER)
        self._outbox = []
        try:
            self._take(leftover)
            await asyncio.wait_for(self._hear("new"), HELLO_WITHIN_S)
            await self._hear("open")
            await self._flush()
        except RemoteProtocolError:
            await self._flush()
            return session.leftover()
        except asyncio.TimeoutError:
            pass
        finally:
            self._over(self)
        return None

    async def _hear(self, state: str) -> None:
        """Take what comes as long as the session is in `state`."""
        while self._session.state == state:
            data = await self._byte_link.receive()
            if not data:
                raise LinkLost()
            self._take(data)
            await self._flush()

    def _take(self, data: bytes) -> None:
        self._session.receive(data)
        while True:
            message = self._session.next_message()
            if message is None:
                break
            self._hears(self, message)

    async def _send(self) -> None:
        """What is posted between two messages of the host."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._flush()
        except LinkLost:
            pass  # the receiving side finds out by itself

    async def _flush(self) -> None:
        async with self._sending:
            self._fill()
            data = self._session.take_outgoing()
            if data:
                await self._byte_link.send(data)

    def _fill(self) -> None:
        while self._outbox and self._has_room():
            self._session.send(self._outbox.pop(0))

    def _has_room(self) -> bool:
        return self._session.credits > 0 and self._session.state != "closed"
