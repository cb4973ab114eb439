"""A page of somebody else may send requests to this machine, with the browser's cookies: what comes by it is refused.

A browser says which page a request comes from (Origin, RFC 6454, 7); sockets are not held to the same origin by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FORBIDDEN, POLICY_VIOLATION = 403, 1008


class OwnPagesOnly:
    """What says where it comes from comes from our own pages: forms, scripts and sockets do, a visit and a program that
    is no browser do not. `except_below`: paths of forms that prove themselves by what they send."""

    def __init__(self, app: ASGIApp, except_below: Sequence[str] = ()) -> None:
        self._app = app
        self._except_below = tuple(except_below)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or not origin_of(scope) or is_own(scope) or self._is_exempt(scope):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, FORBIDDEN)

    def _is_exempt(self, scope: Scope) -> bool:
        return scope["type"] == "http" and begins(scope["path"], self._except_below)


def is_own(scope: Scope) -> bool:
    """Does it say that it comes from a page of the address that it goes to?"""
    asked, origin = header(scope, b"host").lower(), urlsplit(origin_of(scope).lower())
    return origin.scheme in ("http", "https") and origin.netloc == asked != ""


def origin_of(scope: Scope) -> str:
    return header(scope, b"origin")


def header(scope: Scope, name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def begins(path: str, paths: Sequence[str]) -> bool:
    """With one of them, or a folder of that name."""
    return any(path == each or path.startswith(f"{each}/") for each in paths)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "http":
        await PlainTextResponse(str(status), status)(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
