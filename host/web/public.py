"""What of the host is there by its public name: some paths for everybody, and the rest for who is signed in.

On this machine the till is open to whoever sits at it. A request that a proxy has passed on is of somebody else,
whatever name it asks for (Forwarded, RFC 7239, and its elder relations).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from host.web.origin import begins, header, refuse

LOCAL = ("127.0.0.1", "localhost")
PASSED_ON = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")
NOT_FOUND, SEE_OTHER = 404, 303


class PublicPaths:
    """Asked by its public name, `application` serves what begins with one of `paths`; `is_signed_in` says of the
    connection whether it serves the rest, too, and `sign_in` is where it sends a browser that is not."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        paths: Sequence[str],
        is_signed_in: Callable[[HTTPConnection], bool] = lambda _: False,
        sign_in: str = "",
    ) -> None:
        self._app = app
        self._host = host
        self._paths = tuple(paths)
        self._is_signed_in = is_signed_in
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_local(scope) or self._is_for_everybody(scope):
            await self._app(scope, receive, send)
        elif _host(scope) == self._host and self._is_signed_in(HTTPConnection(scope)):
            await self._app(scope, self._while_signed_in(scope, receive), send)
        elif _host(scope) == self._host and self._sign_in and _is_page(scope):
            await RedirectResponse(self._sign_in, SEE_OTHER)(scope, receive, send)
        else:
            await refuse(scope, receive, send, NOT_FOUND)

    def _is_for_everybody(self, scope: Scope) -> bool:
        return scope["type"] == "http" and _host(scope) == self._host and begins(scope["path"], self._paths)

    def _while_signed_in(self, scope: Scope, receive: Receive) -> Receive:
        """A socket outlives the request that opened it, but not the session: each message asks again."""

        async def received() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not self._is_signed_in(HTTPConnection(scope)):
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return received


def is_local(scope: Scope) -> bool:
    return _host(scope) in LOCAL and not any(name in PASSED_ON for name, _ in scope["headers"])


def _is_page(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in header(scope, b"accept")


def _host(scope: Scope) -> str:
    return header(scope, b"host").rsplit(":", 1)[0].lower()
