"""Who the till's page is for: whoever sits at its machine. By its public name there are some paths for everybody, and
the rest for who is signed in; pages of somebody else get nothing done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from host.settings import Settings
from host.web.origin import OwnPagesOnly
from host.web.public import PublicPaths

ALIVE = "session=alive"


def ask(wall: Any, host: str, path: str, kind: str = "http", **headers: str) -> str:
    """Who answered: "inside", or what the wall said."""
    said: list[str] = []

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: dict[str, Any]) -> None:
        said.append(str(message.get("status", message["type"])))

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        said.append("inside")

    named = [
        (b"host", host.encode()),
        *((name.replace("_", "-").encode(), each.encode()) for name, each in headers.items()),
    ]
    scope = {"type": kind, "path": path, "headers": named, "method": "GET"}
    asyncio.run(wall(inside)(scope, receive, send))
    return said[0]


def is_signed_in(connection: HTTPConnection) -> bool:
    return connection.headers.get("cookie") == ALIVE


def public(app: ASGIApp) -> PublicPaths:
    return PublicPaths(app, "zinc.example", ("/fidelite", "/leave"), is_signed_in, "/commercant")


def own(app: ASGIApp) -> OwnPagesOnly:
    return OwnPagesOnly(app, ("/fidelite",))


def asked(host: str, path: str, kind: str = "http", **headers: str) -> str:
    return ask(public, host, path, kind, **headers)


@pytest.mark.parametrize("path", ["/fidelite", "/fidelite/profil", "/leave/m/t"])
def test_what_is_for_everybody_is_there_by_the_public_name(path: str) -> None:
    assert asked("zinc.example", path) == asked("ZINC.example:443", path) == "inside"


@pytest.mark.parametrize("path", ["/", "/en", "/fidelites", "/_nicegui_ws/socket.io", "/loyalty/prints/notice.pdf"])
def test_the_till_is_not(path: str) -> None:
    assert asked("zinc.example", path) == asked("other.example", path) == asked("", path) == "404"
    assert asked("127.0.0.1:8080", path) == asked("localhost", path) == "inside"


def test_nor_are_its_sockets() -> None:
    assert asked("zinc.example", "/fidelite", "websocket") == asked("", "/x", "websocket") == "websocket.close"
    assert asked("127.0.0.1:8080", "/_nicegui_ws/", "websocket") == "inside"


@pytest.mark.parametrize("name", ["forwarded", "x_forwarded_for", "x_real_ip", "via"])
def test_what_a_proxy_passes_on_is_not_of_this_machine(name: str) -> None:
    """One that asks by the address of the till would open it to everybody."""
    assert asked("127.0.0.1:8080", "/", **{name: "192.0.2.1"}) == "404"
    assert asked("localhost", "/_nicegui_ws/", "websocket", **{name: "192.0.2.1"}) == "websocket.close"


@pytest.mark.covers("services/L-5")
def test_beyond_this_machine_all_else_asks_to_sign_in() -> None:
    assert asked("zinc.example", "/", accept="text/html,*/*") == "303"
    assert asked("zinc.example", "/", cookie="session=ended", accept="text/html") == "303"
    for kind, path in (("http", "/"), ("http", "/loyalty/prints/notice.fr.pdf"), ("websocket", "/_nicegui_ws/")):
        assert asked("zinc.example", path, kind, cookie=ALIVE) == "inside"
        assert asked("other.example", path, kind, cookie=ALIVE) in ("404", "websocket.close")


@pytest.mark.covers("services/L-5")
def test_a_socket_ends_with_the_session() -> None:
    alive = iter((True, True, False))  # asked when it opens, and of each message
    heard: list[str] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        heard.extend([(await receive())["type"] for _ in range(3)])

    def messages() -> Iterator[dict[str, Any]]:
        yield {"type": "websocket.connect"}
        while True:
            yield {"type": "websocket.receive", "text": "sell"}

    told = messages()

    async def receive() -> dict[str, Any]:
        return next(told)

    wall = PublicPaths(inside, "zinc.example", (), lambda _: next(alive))
    asyncio.run(wall({"type": "websocket", "path": "/", "headers": [(b"host", b"zinc.example")]}, receive, receive))  # pyright: ignore
    assert heard == ["websocket.connect", "websocket.receive", "websocket.disconnect"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:8081", "http://localhost:8080", "null", "x"]
)
def test_a_page_of_somebody_else_gets_nothing_done(origin: str) -> None:
    for kind, refused in (("http", "403"), ("websocket", "websocket.close")):
        assert ask(own, "127.0.0.1:8080", "/_nicegui_ws/socket.io/", kind, origin=origin) == refused
        assert ask(own, "127.0.0.1:8080", "/inbox", kind, origin="http://127.0.0.1:8080") == "inside"
        assert ask(own, "zinc.example", "/", kind, origin="https://ZINC.example") == "inside"
        assert ask(own, "127.0.0.1:8080", "/", kind) == "inside"
    assert ask(own, "zinc.example", "/fidelite/code", origin=origin) == "inside"  # its forms bring a token
    assert ask(own, "zinc.example", "/fidelite/code", "websocket", origin=origin) == "websocket.close"


@pytest.mark.parametrize(
    "url", ["http://zinc.example", "http://192.168.1.10:8080", "zinc.example", "ftp://zinc.example"]
)
def test_a_public_name_is_served_by_tls(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(public_url=url)
    assert Settings(public_url="https://zinc.example/").public_url == "https://zinc.example"
