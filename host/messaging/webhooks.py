"""What comes from outside: a gateway's delivery reports and inbound SMS, and the link by which offers by e-mail end.

A gateway proves itself by the secret of its file. What it tells of a message that is not known is answered by 404, so
that it tells it again: a report may come before the answer to the call that it is about. The link of an e-mail asks
before it acts, since mail programs open links by themselves; their own button to leave is a POST (RFC 8058).
"""

from __future__ import annotations

import hmac
import json
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from host.messaging.gateway_file import GatewayFile, Webhook, dig
from host.messaging.model import Inbound, Report
from host.messaging.phone import e164
from host.messaging.service import MessagingService

LONGEST = 65536
NO_CONTENT, BAD_REQUEST, FORBIDDEN, NOT_FOUND, TOO_LARGE = 204, 400, 403, 404, 413
LEAVE = (
    ("fr", "Ne plus recevoir d’offres par e-mail ?", "Oui, ne plus en recevoir", "C’est fait."),
    ("en", "Receive no more offers by e-mail?", "Yes, no more of them", "It is done."),
    ("nl", "Geen aanbiedingen per e-mail meer?", "Ja, geen e-mails meer", "Het is gebeurd."),
)


def router(service: MessagingService, file: GatewayFile | None) -> APIRouter:
    """The routes; without a file those of a gateway are not there."""
    routes = APIRouter()
    if file and file.report:
        _add_report(routes, service, file)
    if file and file.inbound:
        _add_inbound(routes, service, file)
    _add_leave(routes, service)
    return routes


def _add_report(routes: APIRouter, service: MessagingService, file: GatewayFile) -> None:
    hook = file.report
    assert hook is not None

    async def report(request: Request) -> Response:
        document = await _told(request, hook)
        if isinstance(document, Response):
            return document
        state = file.state_of(dig(document, hook.status))
        if state is None:
            return Response(status_code=NO_CONTENT)
        ids = [_text(dig(document, path)) for path in (hook.id, hook.reference)]
        known = service.report(Report(state, *ids))
        return Response(status_code=NO_CONTENT if known else NOT_FOUND)

    routes.add_api_route("/messages/report", report, methods=["GET", "POST"], include_in_schema=False)


def _add_inbound(routes: APIRouter, service: MessagingService, file: GatewayFile) -> None:
    hook = file.inbound
    assert hook is not None

    async def inbound(request: Request) -> Response:
        document = await _told(request, hook)
        if isinstance(document, Response):
            return document
        number = _text(dig(document, hook.number))
        number = e164(number) if number else None
        told_id, text = _text(dig(document, hook.id)), _text(dig(document, hook.text))
        if number is None or told_id is None or text is None:
            return Response(status_code=BAD_REQUEST)
        service.receive(Inbound(told_id, number, text))
        return Response(status_code=NO_CONTENT)

    routes.add_api_route("/messages/inbound", inbound, methods=["GET", "POST"], include_in_schema=False)


def _add_leave(routes: APIRouter, service: MessagingService) -> None:
    path = "/leave/{member_id}/{token}"

    @routes.get(path, include_in_schema=False)
    async def ask(member_id: str, token: str) -> HTMLResponse:
        del member_id, token  # whoever may not leave learns it when he does
        return _page("".join(_question(*row[:3]) for row in LEAVE))

    @routes.post(path, include_in_schema=False)
    async def leave(member_id: str, token: str) -> HTMLResponse:
        if not service.leave(member_id, token):
            return _page("<p>404</p>", NOT_FOUND)
        return _page("".join(f'<p lang="{row[0]}">{escape(row[3])}</p>' for row in LEAVE))


async def _told(request: Request, hook: Webhook) -> Any:
    """The document of a request, or the answer to one that is not a gateway's."""
    given = request.headers.get(hook.secret_name) or request.query_params.get(hook.secret_name) or ""
    if not hmac.compare_digest(given.encode(), hook.secret.encode()):
        return Response(status_code=FORBIDDEN)
    if request.method == "GET":
        return dict(request.query_params)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            return Response(status_code=TOO_LARGE)
    return _document(request, bytes(body))


def _document(request: Request, body: bytes) -> Any:
    if "json" in request.headers.get("content-type", ""):
        try:
            return json.loads(body)
        except ValueError:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and str(value) else None


def _question(language: str, question: str, yes: str) -> str:
    asked = f'<p>{escape(question)}</p><button class="button">{escape(yes)}</button>'
    return f'<form method="post" lang="{language}">{asked}</form>'


def _page(content: str, status: int = 200) -> HTMLResponse:
    head = '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = '<title>Zinc</title><link rel="stylesheet" href="/static/theme.css">'
    return HTMLResponse(f'{head}{style}<body class="error-page">{content}', status)
