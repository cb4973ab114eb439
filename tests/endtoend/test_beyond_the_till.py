"""The till by its public name, as a reverse proxy asks for it: a stranger, and the merchant who is signed in."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from host.web.sign_in.pages import COOKIE
from tests.support.program import ROOT, running

pytestmark = pytest.mark.covers("services/L-5")
PUBLIC, EMAIL, PASSWORD = "https://zinc.example", "cafe@zinc.example", "un petit noir sans sucre"
PASSED_ON = {"Host": "zinc.example", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
FORM = PASSED_ON | {"Origin": PUBLIC}
DEADLINE_S = 30


@pytest.fixture
def till(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    with running("tests.endtoend.sign_in_process", str(tmp_path), PUBLIC) as url:
        yield url.rstrip("/"), tmp_path


def token(folder: Path) -> str:
    """Of the link of a new account."""
    command = [sys.executable, "-m", "tools.zinc", "account", "add", EMAIL, "--link", "--state", str(folder)]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.findall(r"\?j=(\S+)", said)[0]


def signed_in(url: str, folder: Path) -> str:
    """The cookie, which a browser sends back by https alone."""
    made = {"j": token(folder), "password": PASSWORD, "again": PASSWORD}
    assert httpx.post(f"{url}/commercant/mot-de-passe", data=made, headers=FORM).status_code == 303
    answer = httpx.post(f"{url}/commercant/session", data={"email": EMAIL, "password": PASSWORD}, headers=FORM)
    assert answer.headers["location"] == "/#loyalty" and "Secure" in answer.headers["set-cookie"]
    return f"{COOKIE}={answer.cookies[COOKIE]}"


def test_a_stranger_is_asked_to_sign_in(till: tuple[str, Path]) -> None:
    url, _ = till
    page = httpx.get(url, headers=PASSED_ON | {"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/commercant")
    for path in ("/en", "/inbox", "/loyalty/prints/notice.fr.pdf", "/_nicegui_ws/socket.io/?EIO=4&transport=polling"):
        assert httpx.get(url + path, headers=PASSED_ON).status_code == 404
    for path in ("/commercant", "/commercant/oubli", "/static/sign_in.css", "/fidelite"):
        assert httpx.get(url + path, headers=PASSED_ON).status_code == 200
    behind = PASSED_ON | {"Host": urlsplit(url).netloc}  # a proxy that asks by the till's own address
    assert httpx.get(url, headers=behind).status_code == 404
    assert httpx.get(url).status_code == 200


def test_the_merchant_has_the_till_and_its_sockets_until_the_session_ends(till: tuple[str, Path]) -> None:
    url, folder = till
    asyncio.run(asyncio.wait_for(by_socket(url, signed_in(url, folder)), DEADLINE_S))


async def by_socket(url: str, cookie: str) -> None:
    own = PASSED_ON | {"Cookie": cookie}
    with pytest.raises(InvalidStatus):
        await socket(url, {"X-Forwarded-For": "192.0.2.1"})
    async with httpx.AsyncClient(base_url=url, headers=own) as browser, await socket(url, {"Cookie": cookie}) as opened:
        assert (await browser.get("/")).status_code == 200
        assert str(await opened.recv()).startswith("0{")  # Engine.IO, open
        await browser.post("/commercant/sortir", headers={"Origin": PUBLIC})
        assert (await browser.get("/")).status_code == 404
        with pytest.raises(ConnectionClosed):
            await talk(opened)


async def talk(opened: ClientConnection) -> None:
    while True:
        await opened.send("3")  # a pong
        await opened.recv()


async def socket(url: str, headers: dict[str, str]) -> ClientConnection:
    """NiceGUI's."""
    asked = "ws://zinc.example/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    place = {"host": "127.0.0.1", "port": urlsplit(url).port}
    return await connect(asked, additional_headers=headers, origin=PUBLIC, proxy=None, **place)  # pyright: ignore
