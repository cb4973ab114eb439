"""The ISO 8583 line over TCP, with the moods of the acquirer's other line (tools/simulators/acquirer/behaviour.py)."""

from __future__ import annotations

import socketserver
import threading

from tools.simulators.acquirer.behaviour import Behaviour, Mood
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.iso8583.fields import Unreadable, read, write
from tools.simulators.iso8583.front import Front

KEY = bytes(range(16))  # of the totals, as the contract's other test keys no secret
SYSTEM_MALFUNCTION, FORMAT_ERROR = "909", "904"
FUNCTIONS = {b"1100": "001", b"1420": "003", b"1400": "005", b"1520": "009"}  # as a mood names them


class Iso8583Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], simulator: AcquirerSimulator, key: bytes = KEY) -> None:
        super().__init__(address, Exchange)
        self.simulator = simulator
        self.key = key
        self.mood = Mood()
        self.front = Front(simulator, key)
        self.kept_back: list[list[bytes]] = []  # answers that go to whoever asks next
        self.stopping = threading.Event()
        self.one_at_a_time = threading.Lock()

    def shutdown(self) -> None:
        self.stopping.set()
        super().shutdown()


class Exchange(socketserver.StreamRequestHandler):
    server: Iso8583Server  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = 10

    def handle(self) -> None:
        try:
            asked = self._asked()
        except (OSError, EOFError):
            return
        mood = self.server.mood.next(_function(asked))
        if mood.mode == "deaf":
            self.server.stopping.wait(self.timeout)
        elif mood.mode == "error":
            self._say([write({"mti": _answer_type(asked), 39: SYSTEM_MALFUNCTION}, self._key_of(asked))])
        else:
            self._say_in_a(mood, self._answer(asked))

    def _say_in_a(self, mood: Behaviour, answer: list[bytes]) -> None:
        if mood.mode == "silent":
            self.server.stopping.wait(self.timeout)
        elif mood.mode == "late":
            self.server.kept_back.append(answer)
            self.server.stopping.wait(self.timeout)
        elif mood.mode == "cut":
            self.wfile.write(_framed(answer)[:7])
        elif mood.mode == "bad_xml":
            self._say([each[: len(each) // 2] for each in answer])
        elif mood.mode == "other_transaction":
            self._say([write(read(each) | {"48.01": "00" * 16}) for each in answer])
        else:
            self.server.stopping.wait(mood.delay_s)
            self._say(self.server.kept_back.pop() if self.server.kept_back else answer)

    def _answer(self, asked: list[bytes]) -> list[bytes]:
        try:
            with self.server.one_at_a_time:
                return self.server.front.answer(asked)
        except Unreadable:
            return [write({"mti": _answer_type(asked), 39: FORMAT_ERROR}, self._key_of(asked))]

    def _key_of(self, asked: list[bytes]) -> bytes | None:
        return self.server.key if asked[-1:] and asked[-1][:4] == b"1520" else None

    def _asked(self) -> list[bytes]:
        messages: list[bytes] = []
        while size := int.from_bytes(self._exactly(2), "big"):
            messages.append(self._exactly(size))
        return messages

    def _exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) != size:
            raise EOFError
        return data

    def _say(self, answer: list[bytes]) -> None:
        self.wfile.write(_framed(answer))


def _framed(messages: list[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in messages) + bytes(2)


def _answer_type(asked: list[bytes]) -> str:
    return f"{int(asked[-1][:4]) + 10:04}" if asked and asked[-1][:4].isdigit() else "1644"


def _function(asked: list[bytes]) -> str | None:
    if not asked:
        return None
    kind = asked[-1][:4]
    if kind == b"1520" and asked[0][:4] == b"1304":
        return "011"
    if kind == b"1304":
        return "parameters"
    told = kind == b"1420" and b"12cancellation" in asked[-1]
    return "007" if told else FUNCTIONS.get(kind)
