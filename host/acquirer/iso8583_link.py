"""The way to an acquirer that speaks ISO 8583 over TCP, in TLS where its address says so: the same port as caaa_link.

A connection of its own for each question. Each message follows its length in two octets; a length of 0 ends what is
asked, and what is answered.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

from host.acquirer.caaa import Parties
from host.acquirer.errors import (
    AcquirerSilent,
    AcquirerUnreachable,
    BadAnswer,
    ConnectionCut,
    MalformedMessage,
)
from host.acquirer.iso8583 import Message, pack, unpack
from host.acquirer.iso8583_batch import (
    LENGTH,
    framed,
    read_batch_answer,
    read_reconciliation_answer,
    totals_messages,
    write_batch,
)
from host.acquirer.iso8583_payment import parties_of, read_advice_answer, read_answer, write_advice, write_request
from host.acquirer.model import (
    Advice,
    AuthorisationAnswer,
    AuthorisationRequest,
    Batch,
    BatchAnswer,
    Parameters,
    Reconciliation,
)

CONNECT_TIMEOUT_S = 2.0
BATCH_DEADLINE_S = 120.0
PIECE = 65536
PARAMETERS = "305"  # function code of a file action: inquiry
TOTALS = b"1530"
END = bytes(LENGTH)


class Iso8583Link:
    """`key` signs totals, and checks the acquirer's; `context`: of TLS, with certificates verified."""

    def __init__(
        self,
        host: str,
        port: int,
        parties: Parties,
        key: bytes,
        deadline_s: float,
        batch_deadline_s: float = BATCH_DEADLINE_S,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._address = (host, port)
        self._parties = parties
        self._key = key
        self._deadline_s = deadline_s
        self._batch_deadline_s = batch_deadline_s
        self._context = context

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        """The answer to this request, and to no other. Raises AcquirerError."""
        return read_answer(await self._ask(write_request(request, self._parties)), request)

    async def advise(self, advice: Advice) -> None:
        """Returns when the acquirer has it. Raises AcquirerError: CancellationDeclined of a 1400, or ask again."""
        read_advice_answer(await self._ask(write_advice(advice, self._parties)), advice)

    def write_batch(self, batch: Batch, path: Path) -> None:
        """See iso8583_batch.write_batch."""
        with path.open("wb") as file:
            write_batch(file, batch, self._parties, self._key)

    async def submit(self, path: Path) -> BatchAnswer:
        """Send the file. Raises AcquirerError."""
        return read_batch_answer(await self._exchange(_pieces(path), self._batch_deadline_s))

    async def reconcile(self, reconciliation: Reconciliation) -> Reconciliation:
        """1520; the acquirer's own totals, 1530. Raises AcquirerError."""
        asked = totals_messages(reconciliation.exchange_id, reconciliation.totals, self._parties)
        pieces = _each(framed(pack(message, self._key)) for message in asked)
        return read_reconciliation_answer(await self._exchange(pieces, self._deadline_s), reconciliation.exchange_id)

    async def parameters(self, version: int) -> Parameters | None:
        """Newer ones than `version`, by 1304 and 1314. Raises AcquirerError."""
        asked = Message("1304", {24: PARAMETERS} | parties_of(self._parties), {"22": str(version)})
        message = await self._ask(asked)
        if message.type != "1314":
            raise BadAnswer(message.type)
        try:
            if 72 not in message.elements:
                return None
            contract, signature = (b64decode(message.text(number), validate=True) for number in (72, 123))
            return Parameters(int(message.private["22"]), contract, signature)
        except (KeyError, ValueError) as error:
            raise MalformedMessage(type(error).__name__) from None

    async def settlements(self, after: str = "") -> Sequence[bytes]:  # noqa: ARG002
        """ISO 8583 has no notice of money: the bank's statement tells of it."""
        return ()

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _ask(self, message: Message) -> Message:
        answers = await self._exchange(_each([framed(pack(message))]), self._deadline_s)
        if len(answers) != 1:
            raise BadAnswer(f"{len(answers)} messages")
        return answers[0]

    async def _exchange(self, pieces: AsyncIterator[bytes], deadline_s: float) -> list[Message]:
        """What was answered, whole. Raises AcquirerError."""
        try:
            async with asyncio.timeout(deadline_s):
                reader, writer = await self._connected(deadline_s)
                try:
                    async for piece in pieces:
                        writer.write(piece)
                        await writer.drain()
                    writer.write(END)
                    return [message async for message in _messages(reader, self._key)]
                finally:
                    writer.close()
        except TimeoutError:
            raise AcquirerSilent(f"{deadline_s:g} s") from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise ConnectionCut(type(error).__name__) from None

    async def _connected(self, deadline_s: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            async with asyncio.timeout(min(CONNECT_TIMEOUT_S, deadline_s)):
                return await asyncio.open_connection(*self._address, ssl=self._context)
        except (OSError, TimeoutError) as error:
            raise AcquirerUnreachable(type(error).__name__) from None


async def _messages(reader: asyncio.StreamReader, key: bytes) -> AsyncIterator[Message]:
    """Totals are signed."""
    while size := int.from_bytes(await reader.readexactly(LENGTH), "big"):
        data = await reader.readexactly(size)
        yield unpack(data, key if data[:4] == TOTALS else None)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def _each(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
