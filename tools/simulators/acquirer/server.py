"""The acquirer over HTTP: what AcquirerSimulator handles; for demo and tests POST /behaviour, GET /authorisations."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from tools.simulators.acquirer.behaviour import Behaviour, Mood, spoiled
from tools.simulators.acquirer.simulator import AcquirerSimulator, function_of

LONGEST_REQUEST = 65536
LONGEST_BATCH = 1 << 30
IN_MEMORY = 1 << 20
PIECE = 65536


class AcquirerServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], simulator: AcquirerSimulator) -> None:
        super().__init__(address, Exchange)
        self.simulator = simulator
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
        if self.path == "/authorisations":
            return self._say(json.dumps(self.server.simulator.store.authorisations()).encode(), "application/json")
        return self._handle(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        if length > (LONGEST_BATCH if self.path == "/caaa" else LONGEST_REQUEST):
            return self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        with SpooledTemporaryFile(IN_MEMORY) as file:
            self._receive(file, length)
            if self.path == "/behaviour":
                return self._behave(file.read())
            return self._handle(cast(BinaryIO, file))

    def _receive(self, file: Any, length: int) -> None:
        while length and (piece := self.rfile.read(min(length, PIECE))):
            file.write(piece)
            length -= len(piece)
        file.seek(0)

    def _behave(self, body: bytes) -> None:
        try:
            self.server.mood.set(Behaviour(**json.loads(body)))
        except (ValueError, TypeError) as error:
            return self.send_error(HTTPStatus.BAD_REQUEST, str(error))
        return self._say(b"{}", "application/json")

    def _handle(self, body: BinaryIO | None) -> None:
        behaviour = self.server.mood.next(function_of(self.path, body))
        if behaviour.mode == "deaf":
            return self._hold()
        if behaviour.mode == "error":
            return self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        status, answer = self.server.simulator.handle(self.path, body or b"")
        if status >= HTTPStatus.BAD_REQUEST:
            return self.send_error(status)
        return self._deliver(answer, behaviour, status)

    def _deliver(self, answer: bytes, behaviour: Behaviour, status: int) -> None:
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
        return self._say(spoiled(answer, behaviour.mode), "application/xml", status)

    def _hold(self) -> None:
        """Say nothing for as long as the process lives."""
        self.server.stopping.wait()
        self.close_connection = True

    def _say(self, body: bytes, kind: str, status: int = HTTPStatus.OK) -> None:
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """No log: the database tells what happened."""
