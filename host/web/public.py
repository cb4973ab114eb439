"""What of the host is for everybody: some paths, under its public name. The till's page stays on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("127.0.0.1", "localhost")
NOT_FOUND = 404


class PublicPaths:
    """Asked by its public name, `application` serves what begins with one of `paths`, and no sockets at all."""

    def __init__(self, app: ASGIApp, host: str, paths: Sequence[str]) -> None:
        self._app = app
        self._host = host
        self._paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _host(scope) in LOCAL or self._serves(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("404", NOT_FOUND)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def _serves(self, scope: Scope) -> bool:
        return scope["type"] == "http" and _host(scope) == self._host and _begins(scope["path"], self._paths)


def _begins(path: str, paths: Sequence[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in paths)


def _host(scope: Scope) -> str:
    named = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return named.rsplit(":", 1)[0].lower()
