"""The acquirer's HTTP side: POST /caaa; and for demo and tests POST /behaviour, GET /authorisations."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from host.acquirer.caaa_authorisation import read_request
from host.acquirer.errors import MalformedMessage
from tools.simulators.acquirer.authoriser import Authoriser, SameIdOtherQuestion
from tools.simulators.acquirer.behaviour import Behaviour, Mood, spoiled

LONGEST_REQUEST = 65536


class AcquirerServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], authoriser: Authoriser) -> None:
        super().__init__(address, Exchange)
        self.authoriser = authoriser
        self.mood = Mood()
        self.kept_back: list[bytes] = []  # answers that go to whoever asks next
        self.stopping = threading.Event()

    def shutdown(self) -> None:
        self.stopping.set()
        super().shutdown()


class Exchange(BaseHTTPRequestHandler):
    server: AcquirerServer  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = 10
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != "/authorisations":
            return self.send_error(HTTPStatus.NOT_FOUND)
        return self._say(json.dumps(self.server.authoriser.store.all()).encode(), "application/json")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if length > LONGEST_REQUEST:
            return self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(length)
        if self.path == "/caaa":
            return self._authorise(body, self.server.mood.next())
        if self.path == "/behaviour":
            return self._behave(body)
        return self.send_error(HTTPStatus.NOT_FOUND)

    def _behave(self, body: bytes) -> None:
        try:
            self.server.mood.set(Behaviour(**json.loads(body)))
        except (ValueError, TypeError) as error:
            return self.send_error(HTTPStatus.BAD_REQUEST, str(error))
        return self._say(b"{}", "application/json")

    def _authorise(self, body: bytes, behaviour: Behaviour) -> None:
        if behaviour.mode == "deaf":
            return self._hold()
        if behaviour.mode == "error":
            return self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            answer = self.server.authoriser.answer(read_request(body))
        except MalformedMessage:
            return self.send_error(HTTPStatus.BAD_REQUEST)
        except SameIdOtherQuestion:
            return self.send_error(HTTPStatus.CONFLICT)
        return self._deliver(answer, behaviour)

    def _deliver(self, answer: bytes, behaviour: Behaviour) -> None:
        if behaviour.mode == "late":
            self.server.kept_back.append(answer)
        if behaviour.mode in ("silent", "late"):
            return self._hold()
        if behaviour.mode == "cut":
            self.close_connection = True
            return None
        if behaviour.mode == "slow":
            self.server.stopping.wait(behaviour.delay_s)
        if self.server.kept_back:
            answer = self.server.kept_back.pop()
        return self._say(spoiled(answer, behaviour.mode), "application/xml")

    def _hold(self) -> None:
        """Say nothing for as long as the process lives."""
        self.server.stopping.wait()
        self.close_connection = True

    def _say(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """No log: the database tells what happened."""
