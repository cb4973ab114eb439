"""The way to an acquirer that speaks caaa over HTTP: one question, one answer, one deadline."""

from __future__ import annotations

import asyncio

import httpx

from host.acquirer.caaa import Parties, read_answer, write_request
from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable, BadAnswer, ConnectionCut, RequestRefused
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest

CONNECT_TIMEOUT_S = 2.0
LONGEST_ANSWER = 65536


class CaaaLink:
    """`deadline_s` bounds the whole exchange; the reader waits a little longer than that."""

    def __init__(self, url: str, parties: Parties, deadline_s: float) -> None:
        self._url = url
        self._parties = parties
        self._deadline_s = deadline_s
        timeout = httpx.Timeout(deadline_s, connect=min(CONNECT_TIMEOUT_S, deadline_s))
        # A connection of its own for each question: one kept open may be closed by the other end just as it is used,
        # and then nobody knows whether the question arrived.
        self._client = httpx.AsyncClient(
            timeout=timeout, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False
        )

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        """The answer to this request, and to no other. Raises AcquirerError."""
        question = write_request(request, self._parties)
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = read_answer(await self._exchange(question))
        except TimeoutError:
            raise AcquirerSilent(f"{self._deadline_s:g} s") from None
        if answer.transaction_id != request.transaction_id:  # such as a late one: dropped
            raise BadAnswer("answer to another transaction")
        return answer

    async def close(self) -> None:
        await self._client.aclose()

    async def _exchange(self, question: bytes) -> bytes:
        headers = {"Content-Type": "application/xml"}
        try:
            async with self._client.stream("POST", self._url, content=question, headers=headers) as response:
                return await _body(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise AcquirerUnreachable(type(error).__name__) from None
        except httpx.TimeoutException as error:
            raise AcquirerSilent(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise ConnectionCut(type(error).__name__) from None


async def _body(response: httpx.Response) -> bytes:
    if 400 <= response.status_code < 500:
        raise RequestRefused(str(response.status_code))
    if response.status_code != 200:
        raise BadAnswer(str(response.status_code))
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise BadAnswer("too long")
    return body
