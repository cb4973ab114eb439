"""A reader that says exactly what a test wrote down; hearing anything else fails the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from host.terminal.client import Deadlines, ReaderClient
from host.terminal.errors import LinkLost, ReaderNotFound
from protocol.session import Session
from tests.support.pipe_link import PipeLink
from tools.simulation import virtual_time

TRANSACTION_ID = bytes(range(16))
REQUEST_ID = b"request1"
IDENTITY = {"version": 1, "serial": "R1", "firmware": "0.1", "profile": "fr-1"}
IDS = {"transaction_id": TRANSACTION_ID, "request_id": REQUEST_ID}
MONEY = {"amount_minor": 1250, "currency": 978}
ONLINE_REQUEST = {
    "type": "online_request",
    "transaction_id": TRANSACTION_ID,
    **MONEY,
    "interface": "contactless",
    "icc_data": bytes(160),
    "ksn": bytes(12),
    "sealed_card": bytes(48),
    "mac": bytes(8),
}
RESULT = {"type": "result", **IDS, **MONEY, "outcome": "approved", "why": "approved_online", "apdus": 5}
APPROVAL = {"response_code": b"00", "authorisation_code": "A1B2C3", "mac": bytes(8)}

DEADLINES = Deadlines(hello=0.5, answer=0.5, quiet=2, retry=0.001, resume=5, payment=10)


class ScriptedReader:
    def __init__(self) -> None:
        self.pipe = PipeLink(LinkLost, LinkLost, ReaderNotFound)
        self.session = Session("reader")

    async def accepts(self, **welcome: Any) -> None:
        """A host connects and says hello."""
        await self.connected()
        await self.hears("hello")
        await self.says("welcome", **{**IDENTITY, **welcome})

    async def connected(self) -> None:
        await self.pipe.reader.connected()
        self.session = Session("reader")

    async def says(self, kind: str, **fields: Any) -> None:
        while not self.session.credits:
            self.session.receive(await self.pipe.reader.receive())
            assert self.session.next_message() is None
        self.session.send({"type": kind, **fields})
        await self.pipe.reader.send(self.session.take_outgoing())

    async def repeats(self, message: dict[str, Any]) -> None:
        await self.says(**{"kind" if name == "type" else name: value for name, value in message.items()})

    async def hears(self, kind: str) -> dict[str, Any]:
        while (message := self.session.next_message()) is None:
            if outgoing := self.session.take_outgoing():
                await self.pipe.reader.send(outgoing)
            self.session.receive(await self.pipe.reader.receive())
        assert message["type"] == kind, message
        return message

    async def takes_payment(self) -> None:
        """Up to the transaction id."""
        await self.hears("take_payment")
        await self.says("progress", **IDS, phase="accepted")


Till = Callable[[ReaderClient], Awaitable[Any]]
Script = Callable[[ScriptedReader], Awaitable[Any]]


def play(till: Till, script: Script, deadlines: Deadlines = DEADLINES) -> Any:
    """What the till's side gives, once the script is through; raises what either side raises. Time is virtual."""

    async def both() -> Any:
        reader = ScriptedReader()
        client = ReaderClient(reader.pipe.host, "test till", deadlines)
        try:
            async with asyncio.timeout(20):
                given, _ = await asyncio.gather(till(client), script(reader))
            return given
        finally:
            await client.close()

    return virtual_time.run(both())
