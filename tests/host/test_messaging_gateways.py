"""A gateway over HTTP and a mail server as they are met: what each answer proves, what webhooks let in, a kill -9."""

from __future__ import annotations

import asyncio
import json
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from host.database import Database
from host.key_file import read_key
from host.messaging.errors import InvalidGatewayFile, MessagingError, NoAnswer, NotTaken, Refused
from host.messaging.gateway_file import GatewayFile, load
from host.messaging.http_gateway import HttpGateway
from host.messaging.model import Channel, Letter, Report
from host.messaging.smtp import Server, SmtpGateway, compose
from host.messaging.states import State
from host.messaging.webhooks import router
from tests.host.messaging_bench import Bench
from tools.simulators.messages.inbox import Inbox
from tools.simulators.messages.server import application

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "tools" / "simulators" / "messages" / "gateway.toml"
LETTER = Letter("joined:m1", "+33612345678", 'Bonjour "vous" $to {x} é', "Café du Zinc")
SECRET = {"X-Webhook-Secret": "a secret of the demo"}


def gateway(answer: Callable[[httpx.Request], httpx.Response], file: GatewayFile | None = None) -> HttpGateway:
    return HttpGateway(file or load(FILE), httpx.MockTransport(answer))


# ---- what an answer proves ----


def test_what_is_sent_is_put_into_json_as_it_is() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"messages": [{"id": 17}]})

    assert asyncio.run(gateway(answer).send(LETTER)) == "17"
    (request,) = seen
    assert json.loads(request.content) == {
        "to": "+33612345678",
        "from": "Café du Zinc",
        "text": 'Bonjour "vous" $to {x} é',
        "reference": "joined:m1",
    }
    assert request.headers["Idempotency-Key"] == "joined:m1"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400), Refused),
        (httpx.Response(422), Refused),
        (httpx.Response(401), NotTaken),
        (httpx.Response(402), NotTaken),
        (httpx.Response(404), NotTaken),
        (httpx.Response(429), NotTaken),
        (httpx.Response(302, headers={"Location": "/x"}), NotTaken),
        (httpx.Response(409), NoAnswer),
        (httpx.Response(500), NoAnswer),
        (httpx.Response(503), NoAnswer),
        (httpx.Response(200, json={"error": "credit"}), NoAnswer),
        (httpx.Response(200, content=b"<html>"), NoAnswer),
        (httpx.ConnectError("x"), NotTaken),
        (httpx.ConnectTimeout("x"), NotTaken),
        (httpx.ReadTimeout("x"), NoAnswer),
        (httpx.WriteError("x"), NoAnswer),
        (httpx.RemoteProtocolError("x"), NoAnswer),
    ],
)
def test_what_an_answer_proves(answer: httpx.Response | Exception, error: type[MessagingError]) -> None:
    def give(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(error) as caught:
        asyncio.run(gateway(give).send(LETTER))
    assert type(caught.value) is error
    assert "612345678" not in str(caught.value)


def test_what_became_of_a_message_is_asked_by_the_gateways_id() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/sms/a/b"
        return httpx.Response(200, json={"status": "delivrd"})

    assert asyncio.run(gateway(answer).ask("joined:m1", "a/b")) == Report(State.DELIVERED, "a/b", "joined:m1")
    assert asyncio.run(gateway(answer).ask("joined:m1", None)) is None


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ('url = "http://127.0.0.1:8700/v1/sms"', 'url = "http://sms.example/v1"'),
        ('to = "$to"', 'to = "$number"'),
        ('secret = "a secret of the demo"', 'secret = "short"'),
        ('price = "0.049"', 'price = "cheap"'),
        ("per_second = 20", "per_second = 0"),
        ("[terms]", "[conditions]"),
        ("[send]", "[send"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_without_its_secrets(tmp_path: Path, changed: str, place: str) -> None:
    content = FILE.read_text()
    assert changed in content
    path = tmp_path / "gateway.toml"
    path.write_text(content.replace(changed, place, 1))
    with pytest.raises(InvalidGatewayFile) as caught:
        load(path)
    assert "short" not in str(caught.value) and "demo" not in str(caught.value)
    assert "demo" not in repr(load(FILE))


def test_a_gateway_of_forms_without_ids(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(
        'name = "Forms"\n[send]\nurl = "https://sms.example/send?key=k"\n'
        'form = { numero = "$digits", message = "$text" }\n'
    )
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(200, text="OK")

    forms = gateway(answer, load(path))
    assert asyncio.run(forms.send(LETTER)) is None
    assert not forms.repeats and not forms.can_ask
    assert seen[0].startswith(b"numero=33612345678&message=Bonjour+%22vous%22")


# ---- webhooks ----


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    database.migrate()
    bench = Bench(database)
    bench.inbox.can_ask = False
    bench.member(agrees=True)
    yield bench
    database.close()


class Client:
    """Asks an application without sockets."""

    def __init__(self, application: FastAPI) -> None:
        self._transport = httpx.ASGITransport(application)

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://localhost") as client:
                return await client.request(method, path, **what)

        return asyncio.run(asked())

    def get(self, path: str, **what: Any) -> httpx.Response:
        return self.ask("GET", path, **what)

    def post(self, path: str, **what: Any) -> httpx.Response:
        return self.ask("POST", path, **what)


@pytest.fixture
def client(bench: Bench) -> Client:
    application = FastAPI()
    application.include_router(router(bench.service, load(FILE)))
    return Client(application)


@pytest.mark.covers("faults/R-19")
def test_a_delivery_report_as_often_as_it_comes(bench: Bench, client: Client) -> None:
    bench.queue("joined:m1")
    asyncio.run(bench.run())
    told = {"id": bench.message("joined:m1").gateway_id, "status": "DELIVRD"}
    for _ in range(3):
        assert client.post("/messages/report", json=told, headers=SECRET).status_code == 204
    assert bench.message("joined:m1").state is State.DELIVERED
    assert client.get("/messages/report", params=told, headers=SECRET).status_code == 204
    late = {"reference": "joined:m1", "status": "UNDELIV"}
    assert client.post("/messages/report", data=late, headers=SECRET).status_code == 204
    assert bench.message("joined:m1").state is State.DELIVERED


def test_a_report_that_is_early_comes_again(client: Client) -> None:
    told = {"id": "msg-1", "status": "DELIVRD"}
    assert client.post("/messages/report", json=told, headers=SECRET).status_code == 404
    assert client.post("/messages/report", json={"status": "ON_ITS_WAY"}, headers=SECRET).status_code == 204


@pytest.mark.parametrize("path", ["/messages/report", "/messages/inbound"])
@pytest.mark.parametrize("headers", [{}, {"X-Webhook-Secret": ""}, {"X-Webhook-Secret": "a secret of the dem"}])
def test_nobody_else_is_believed(client: Client, path: str, headers: dict[str, str]) -> None:
    assert client.post(path, json={"id": "x", "status": "DELIVRD"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'{"from": 5}', b'{"from": {"a": 1}, "text": [], "id": {}}']
)
def test_what_cannot_be_read_harms_nothing(client: Client, body: bytes) -> None:
    headers = SECRET | {"Content-Type": "application/json"}
    assert client.post("/messages/inbound", content=body, headers=headers).status_code == 400
    assert client.post("/messages/report", content=body, headers=headers).status_code == 204
    assert client.post("/messages/report", content=bytes(70_000), headers=headers).status_code == 413


@pytest.mark.covers("attacks/H-07", "terminal/LAW-12")
def test_stop_by_webhook(bench: Bench, client: Client) -> None:
    told = {"id": "9", "from": "33612345678", "text": "Stop svp"}
    assert client.post("/messages/inbound", json=told, headers=SECRET).status_code == 204
    assert bench.members.withdrawn == [(Channel.SMS, "m1", "sms_stop")]


@pytest.mark.covers("services/L-12")
def test_the_link_of_an_email_asks_before_it_acts(bench: Bench, client: Client) -> None:
    token = bench.service._secret.leave_token("m1")
    assert client.get(f"/leave/m1/{token}").status_code == 200
    assert bench.members.withdrawn == []
    assert client.post("/leave/m1/guess").status_code == 404
    assert client.post(f"/leave/m1/{token}").status_code == 200
    assert bench.members.withdrawn == [(Channel.EMAIL, "m1", "email_link")]


# ---- e-mail ----


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP as far as a client needs it; `says` is the answer to a command, by its first word; None hangs up."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, says: dict[str, str | None]) -> None:
        super().__init__(("127.0.0.1", 0), MailConversation)
        self.says = {"EHLO": "250 here", "MAIL": "250 yes", "RCPT": "250 yes", "DATA": "354 go on", ".": "250 kept"}
        self.says |= says
        self.got: list[str] = []


class MailConversation(socketserver.StreamRequestHandler):
    server: MailServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].decode().upper()[:4]
            if not self._say(word):
                return
            if word == "DATA" and self.server.says["DATA"] == "354 go on":
                self._take()
                if not self._say("."):
                    return

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        self.server.got.append("".join(lines))

    def _say(self, word: str) -> bool:
        said = self.server.says.get(word, "250 yes")
        if said is None:
            return False
        self.wfile.write(said.encode() + b"\r\n")
        return True


@contextmanager
def mail_server(**says: str | None) -> Iterator[tuple[MailServer, SmtpGateway]]:
    named: dict[str, str | None] = {"." if word == "end" else word: answer for word, answer in says.items()}
    with MailServer(named) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server, SmtpGateway(Server("127.0.0.1", server.server_address[1], "shop@zinc.example", security="none"))
        server.shutdown()


MAIL = Letter(
    "birthday:1", "camille@example.org", "Joyeux anniversaire <b>é</b>", "Café", "Bonne fête", "https://z.example/l"
)


@pytest.mark.covers("attacks/H-08")
def test_an_email_is_plain_text_with_a_way_out() -> None:
    with mail_server() as (server, mail):
        assert asyncio.run(mail.send(MAIL)) is None
        (got,) = server.got
    assert "Message-ID: <birthday.1@zinc.example>" in got
    assert "List-Unsubscribe: <https://z.example/l>" in got
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in got
    assert "text/plain" in got and "text/html" not in got


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ({"EHLO": None}, NotTaken),
        ({"RCPT": "450 later"}, NotTaken),
        ({"RCPT": "550 nobody"}, Refused),
        ({"DATA": "451 later"}, NotTaken),
        ({"DATA": "554 never"}, Refused),
        ({"end": "452 full"}, NotTaken),
        ({"end": "554 spam"}, Refused),
        ({"end": None}, NoAnswer),
    ],
)
def test_what_a_mail_server_proves(says: dict[str, str | None], error: type[MessagingError]) -> None:
    with mail_server(**says) as (_, mail), pytest.raises(error) as caught:
        asyncio.run(mail.send(MAIL))
    assert type(caught.value) is error


def test_nobody_listens() -> None:
    with pytest.raises(NotTaken):
        asyncio.run(SmtpGateway(Server("127.0.0.1", 1, "shop@zinc.example", security="none")).send(MAIL))
    with pytest.raises(ValueError, match="enciphered"):
        SmtpGateway(Server("mail.example", 25, "shop@zinc.example", security="none"))


@pytest.mark.covers("attacks/H-08")
def test_no_line_is_added_to_the_head_of_an_email() -> None:
    for letter in (
        Letter("1", "camille@example.org\r\nBcc: all@example.org", "x", "Café", "Offre"),
        Letter("1", "camille@example.org", "x", "Café", "Offre\nBcc: all@example.org"),
        Letter("1", "camille@example.org", "x", "Café\r\nBcc: x@y.example", "Offre"),
    ):
        with pytest.raises(ValueError, match=r".+"):
            compose(letter, "shop@zinc.example")


# ---- the stand-in, and what a kill -9 leaves ----


def test_the_stand_in_is_what_its_file_says_and_shows_what_came() -> None:
    inbox = Inbox(lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))
    transport = httpx.ASGITransport(application(inbox))
    http = HttpGateway(load(FILE), transport)

    async def story() -> None:
        assert await http.send(LETTER) == await http.send(LETTER) == "msg-1"
        assert await http.ask("joined:m1", "msg-1") == Report(State.DELIVERED, "msg-1", "joined:m1")
        for mood, error in (("busy", NotTaken), ("refuses", Refused), ("lost", NoAnswer)):
            inbox.mood = mood
            with pytest.raises(error):
                await http.send(LETTER)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            await browser.post("/inbox", data={"to": LETTER.to, "text": "<b>STOP</b>"})
            page = (await browser.get("/inbox/nl")).text
        assert "06 12 34 56 78" in page and "&lt;b&gt;STOP" in page and "Ontvangen" in page

    asyncio.run(story())


class Process:
    """A process of its own that ends with the test."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, how: int = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def standing(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, str]]:
    """The gateway in a process, and its file; with `repeats` it knows an event again."""
    process = Process(
        "tools.simulators.messages", "--port", "0", "--attached", *(["--repeats"] if request.param else [])
    )
    port = process.line().split()[1]
    content = FILE.read_text().replace("8700", port)
    path = tmp_path / "gateway.toml"
    path.write_text(content if request.param else content.replace('idempotency_header = "Idempotency-Key"', ""))
    yield path, f"http://127.0.0.1:{port}"
    process.end(signal.SIGTERM)


@pytest.mark.covers("services/L-6", "faults/R-19")
@pytest.mark.parametrize("standing", [False, True], indirect=True, ids=["once", "repeats"])
@pytest.mark.parametrize("moment", ["committed", "called", "answered"])
def test_kill_9_sends_nothing_twice(tmp_path: Path, standing: tuple[Path, str], moment: str) -> None:
    path, url = standing
    database = Database(f"sqlite:///{tmp_path / 'till.db'}")
    database.migrate()

    async def story() -> None:
        gateway = HttpGateway(load(path))
        bench = Bench(database, gateway=gateway)
        bench.member()
        bench.queue("joined:m1")
        sender = Process("tests.support.message_sender", str(tmp_path / "till.db"), str(path), moment)
        assert sender.line() == moment
        sender.end()
        assert bench.message("joined:m1").state is State.SENDING
        arrived = await _arrived(url)
        assert arrived == (0 if moment == "committed" else 1)
        for _ in range(12):
            await bench.run(minutes=11)
        state = bench.message("joined:m1").state
        if gateway.repeats:
            assert (await _arrived(url), state) == (1, State.DELIVERED)
        else:
            assert (await _arrived(url), state) == (arrived, State.UNKNOWN)
            assert bench.service.report(Report(State.DELIVERED, event_id="joined:m1"))
            assert bench.message("joined:m1").state is State.DELIVERED
        await gateway.close()

    asyncio.run(story())
    database.close()


async def _arrived(url: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return len((await client.get(f"{url}/v1/sms")).json())


def test_the_installations_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "zinc.key"
    key = read_key(path, lambda length: bytes(range(length)))
    assert read_key(path, lambda length: bytes(length)) == key == bytes(range(32))
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="no key"):
        read_key(path, lambda length: bytes(length))
