"""The way to an acquirer that speaks caaa over HTTP: one question, one answer, one deadline."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin

import httpx

from host.acquirer.caaa import Parties
from host.acquirer.caaa_advice import read_advice_answer, write_advice
from host.acquirer.caaa_authorisation import read_answer, write_request
from host.acquirer.caaa_batch import write_batch
from host.acquirer.caaa_batch_answer import read_batch_answer
from host.acquirer.caaa_reconciliation import read_reconciliation_answer, write_reconciliation
from host.acquirer.errors import (
    AcquirerSilent,
    AcquirerUnreachable,
    BadAnswer,
    CancellationDeclined,
    ConnectionCut,
    RequestRefused,
)
from host.acquirer.model import (
    Advice,
    AdviceKind,
    AuthorisationAnswer,
    AuthorisationRequest,
    Batch,
    BatchAnswer,
    Parameters,
    Reconciliation,
)
from host.acquirer.parameters import read_parameters

CONNECT_TIMEOUT_S = 2.0
BATCH_DEADLINE_S = 120.0  # a batch is read and checked line by line before it is answered
LONGEST_ANSWER = 65536
LONGEST_BATCH_ANSWER = 256 << 20  # all lines rejected, of the biggest batch
PIECE = 65536
XML = {"Content-Type": "application/xml"}


class CaaaLink:
    """`url` is where messages go; parameters and settlement notices are its neighbours.

    HTTPS certificates are verified, redirects are not followed. `deadline_s` bounds a whole exchange; the reader waits
    a little longer than that. `transport` takes the place of the network.
    """

    def __init__(
        self,
        url: str,
        parties: Parties,
        deadline_s: float,
        batch_deadline_s: float = BATCH_DEADLINE_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._parties = parties
        self._deadline_s = deadline_s
        self._batch_deadline_s = batch_deadline_s
        timeout = httpx.Timeout(deadline_s, connect=min(CONNECT_TIMEOUT_S, deadline_s))
        self._extensions = {"timeout": timeout.as_dict()}
        # A connection of its own for each question: one kept open may be closed by the other end just as it is used,
        # and then nobody knows whether the question arrived. And no client: there are no cookies, and no redirects.
        self._transport = transport or httpx.AsyncHTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        """The answer to this request, and to no other. Raises AcquirerError."""
        answer = read_answer(await self._ask(write_request(request, self._parties)))
        if answer.transaction_id != request.transaction_id:  # such as a late one: dropped
            raise BadAnswer("answer to another transaction")
        return answer

    async def advise(self, advice: Advice) -> None:
        """Returns when the acquirer has it. Raises AcquirerError: CancellationDeclined of caaa.005, or ask again."""
        answer = read_advice_answer(await self._ask(write_advice(advice, self._parties)), advice)
        if answer.transaction_id != advice.transaction_id:
            raise BadAnswer("answer to another transaction")
        if not answer.accepted:
            if advice.kind is AdviceKind.CANCELLATION and not advice.repeated:
                raise CancellationDeclined(answer.reason or "no reason")
            raise BadAnswer("an advice cannot be declined")

    def write_batch(self, batch: Batch, path: Path) -> None:
        """caaa.011; see caaa_batch.write_batch."""
        with path.open("wb") as file:
            write_batch(file, batch, self._parties)

    async def submit(self, path: Path) -> BatchAnswer:
        """Send that file. The same batch again gets the same answer. Raises AcquirerError."""
        headers = XML | {"Content-Length": str(path.stat().st_size)}
        return read_batch_answer(
            await self._exchange(
                "POST", self._url, _pieces(path), headers, self._batch_deadline_s, LONGEST_BATCH_ANSWER
            )
        )

    async def reconcile(self, reconciliation: Reconciliation) -> Reconciliation:
        """The acquirer's own totals of that batch; none at all when it does not know it. Raises AcquirerError."""
        at = datetime.now(UTC)
        answer = read_reconciliation_answer(await self._ask(write_reconciliation(reconciliation, at, self._parties)))
        if answer.exchange_id != reconciliation.exchange_id:
            raise BadAnswer("totals of another batch")
        return answer

    async def parameters(self, version: int) -> Parameters | None:
        """Those that are newer than `version`. Raises AcquirerError."""
        body = await self._exchange("GET", urljoin(self._url, f"parameters?version={version}"))
        return read_parameters(body) if body else None

    async def settlements(self, after: str = "") -> Sequence[bytes]:
        """Settlement notices, camt.054, that came after the one of that id. Raises AcquirerError."""
        body = await self._exchange("GET", urljoin(self._url, f"settlements?after={quote(after)}"))
        return [body] if body else []

    async def close(self) -> None:
        await self._transport.aclose()

    async def _ask(self, question: bytes) -> bytes:
        return await self._exchange("POST", self._url, question)

    async def _exchange(
        self,
        method: str,
        url: str,
        content: bytes | AsyncIterator[bytes] | None = None,
        headers: dict[str, str] = XML,
        deadline_s: float | None = None,
        longest: int = LONGEST_ANSWER,
    ) -> bytes:
        """The body of the answer; none at all for 204. Raises AcquirerError."""
        deadline_s = deadline_s or self._deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                request = httpx.Request(method, url, content=content, headers=headers, extensions=self._extensions)
                return await self._answer(request, longest)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise AcquirerUnreachable(_certificate_fault(error) or type(error).__name__) from None
        except httpx.TimeoutException as error:
            raise AcquirerSilent(type(error).__name__) from None
        except TimeoutError:
            raise AcquirerSilent(f"{deadline_s:g} s") from None
        except httpx.HTTPError as error:
            raise ConnectionCut(type(error).__name__) from None

    async def _answer(self, request: httpx.Request, longest: int) -> bytes:
        response = await self._transport.handle_async_request(request)
        try:
            return await _body(response, longest)
        finally:
            await response.aclose()


def _certificate_fault(error: BaseException | None) -> str | None:
    """What is wrong with the acquirer's certificate, such as that it has expired."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def _body(response: httpx.Response, longest: int) -> bytes:
    if response.status_code == httpx.codes.NO_CONTENT:
        return b""
    if 400 <= response.status_code < 500:
        raise RequestRefused(str(response.status_code))
    if response.status_code != httpx.codes.OK:
        raise BadAnswer(str(response.status_code))
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > longest:
            raise BadAnswer("too long")
    return bytes(body)
