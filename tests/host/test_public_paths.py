"""Asked by its public name the host has some paths; the till's page is on this machine alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host.web.public import PublicPaths


def asked(host: str, path: str, kind: str = "http") -> str:
    """Who answered: "inside", or what the wall said."""
    said: list[str] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        said.append("inside")

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: dict[str, Any]) -> None:
        said.append(str(message.get("status", message["type"])))

    scope = {"type": kind, "path": path, "headers": [(b"host", host.encode())], "method": "GET"}
    asyncio.run(PublicPaths(inside, "zinc.example", ("/fidelite", "/leave"))(scope, receive, send))
    return said[0]


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
