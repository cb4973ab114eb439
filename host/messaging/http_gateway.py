"""A gateway of SMS over HTTP, as its file describes it (gateway_file.py).

By 2xx with the message's id it was taken. What never reached the gateway was not, nor what it answers by a status that
speaks of us (credentials, credit, address, pace): both are worth another try. By a status that speaks of the message it
will never be taken. Everything else may have been.
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from host.messaging.errors import NoAnswer, NotTaken, Refused
from host.messaging.gateway_file import GAPS, GatewayFile, dig
from host.messaging.model import Letter, Report

OF_THE_MESSAGE = frozenset({400, 410, 413, 414, 422})
IN_DOUBT = frozenset({408, 409, 425})
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class HttpGateway:
    """ports.Gateway."""

    def __init__(self, file: GatewayFile, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._file = file
        self._client = httpx.AsyncClient(timeout=file.terms.deadline_s, transport=transport, trust_env=False)

    @property
    def repeats(self) -> bool:
        return bool(self._file.send.idempotency_header)

    @property
    def can_ask(self) -> bool:
        return self._file.ask is not None

    async def send(self, letter: Letter) -> str | None:
        """As ports.Gateway says."""
        request = self._file.send.filled(_values(letter))
        if self.repeats:
            request["headers"] |= {self._file.send.idempotency_header: letter.event_id}
        try:
            answer = await self._client.request(**request)
        except NEVER_LEFT as error:
            raise NotTaken(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from None
        _judge(answer.status_code)
        if not self._file.send.id:
            return None
        gateway_id = dig(_document(answer), self._file.send.id)
        if gateway_id is None:
            raise NoAnswer("no id in the answer")
        return str(gateway_id)[:64]

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:
        """As ports.Gateway says."""
        ask = self._file.ask
        if ask is None or ("$gateway_id" in ask.url and gateway_id is None):
            return None
        values = dict.fromkeys(GAPS, "") | {"id": event_id, "gateway_id": gateway_id or ""}
        try:
            answer = await self._client.request(**ask.filled(values))
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from None
        state = self._file.state_of(dig(_document(answer), ask.status)) if answer.is_success else None
        return Report(state, gateway_id, event_id) if state else None

    async def close(self) -> None:
        await self._client.aclose()


def _values(letter: Letter) -> dict[str, str]:
    return {
        "to": letter.to,
        "digits": letter.to.removeprefix("+"),
        "text": letter.text,
        "sender": letter.sender,
        "id": letter.event_id,
        "gateway_id": "",
    }


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in OF_THE_MESSAGE:
        raise Refused(str(status))
    if status in IN_DOUBT or status >= 500:
        raise NoAnswer(str(status))
    raise NotTaken(str(status))


def _document(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None
