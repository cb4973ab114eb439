"""The acquirer in a process of its own, over HTTP; what can befall its messages is drawn there."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from http import HTTPStatus
from math import inf
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any

from tools.simulation.bank import LATEST_S, keys
from tools.simulation.books import holds, refusals
from tools.simulation.faults import ByChance, Told
from tools.simulation.radio.shared_time import SLOW, WAKE, Moment, join, seconds, unheeded, wants
from tools.simulation.wallet import issued
from tools.simulators.acquirer.behaviour import spoiled
from tools.simulators.acquirer.server import AcquirerServer, Exchange
from tools.simulators.acquirer.simulator import AcquirerSimulator, Entry, function_of
from tools.simulators.issuer import Issuer

_LONGEST_S = 9.0


@dataclass(frozen=True)
class Books:
    """As tools/simulation/model.py asks for them; `faults` are those that struck since they were asked for."""

    entries: list[Entry]
    holds: list[Entry]
    refusals: list[str]
    faults: list[str]


class Server(AcquirerServer):
    """One shop's acquirer after the other, at one address."""

    def __init__(self) -> None:
        self.story = Story(0, (), 1, None)
        super().__init__(("127.0.0.1", 0), self.story.simulator)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A host that was killed while it was answered."""


class Story:
    """`over` is set when it is: who is never answered is let go."""

    def __init__(self, seed: int, families: tuple[str, ...], often: float, moment: Moment | None) -> None:
        self.moment = moment
        self.down = ""  # the fault of each message
        self.over = threading.Event()
        self.kept_back: list[bytes] = []
        self.struck: list[str] = []
        self.chance = Random(f"{seed} bank")
        self.faults = Told(ByChance(Random(f"{seed} messages"), families, often), self._tell, None, unheeded)
        issuer = Issuer(lambda: self._now().date(), issued().values())
        self.simulator = AcquirerSimulator(keys, issuer, self._now)
        self._lock = threading.Lock()
        self._late: list[tuple[str, bytes]] = []

    def _now(self) -> Any:
        assert self.moment is not None
        return self.moment.now()

    def _tell(self, _who: str, what: str) -> None:
        self.struck.append(what)

    def handle(self, path: str, body: bytes) -> tuple[int, bytes]:
        with self._lock:
            return self.simulator.handle(path, body)

    def later(self, path: str, body: bytes) -> None:
        """It arrives when nobody waits for its answer any more."""
        asked = (path, body)
        self._late.append(asked)
        after_s = self.chance.uniform(0, LATEST_S)
        threading.Thread(target=self._arrives_after, args=(after_s, asked), daemon=True).start()

    def _arrives_after(self, for_s: float, asked: tuple[str, bytes]) -> None:
        wait(for_s)
        self._arrives(asked)

    def _arrives(self, asked: tuple[str, bytes]) -> None:
        with self._lock:
            if asked in self._late:
                self._late.remove(asked)
                self.simulator.handle(*asked)

    def calm(self) -> None:
        """No fault from now on, and nothing is on its way."""
        self.faults.stop()
        for asked in list(self._late):
            self._arrives(asked)

    def books(self) -> Books:
        with self._lock:
            told, self.struck = self.struck, []
            return Books(list(self.simulator.ledger().values()), holds(self.simulator), refusals(self.simulator), told)


class Counter(Exchange):
    """What a fault does is told in tools/simulation/bank.py; here a message that finds nobody is hung up on."""

    disable_nagle_algorithm = True  # what waits in the system is seen by nobody
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def _handle(self, body: Any) -> None:
        story = self.server.story
        fault = story.faults.at("message", function_of(self.path, body) or self.path)
        fault = story.down or fault
        content = body.read() if body is not None else b""
        if fault == "unreachable":
            self.close_connection = True
            return None
        if fault == "error":
            return self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        if fault == "late_request":
            story.later(self.path, content)
        if fault in ("deaf", "late_request"):
            return self._never(story)
        status, answer = story.handle(self.path, content)
        if fault == "duplicate":
            status, answer = story.handle(self.path, content)
        return self._bring(story, fault, status, answer)

    def _bring(self, story: Story, fault: str, status: int, answer: bytes) -> None:
        if fault == "late":
            story.kept_back.append(answer)
        if fault in ("silent", "late"):
            return self._never(story)
        if fault == "cut":
            self.close_connection = True
            return None
        if fault == "error_after":
            return self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        if fault == "slow":
            wait(story.chance.uniform(0, _LONGEST_S))
        if story.kept_back and story.faults.on:
            answer = story.kept_back.pop()
        if status >= HTTPStatus.BAD_REQUEST:
            return self.send_error(status)
        return self._say(spoiled(answer, fault), "application/xml", status)

    def _never(self, story: Story) -> None:
        story.over.wait()
        self.close_connection = True


_waiting: list[tuple[float, threading.Event]] = []
_saying = threading.Lock()


def wait(for_s: float) -> None:
    """In a thread."""
    waits = (seconds() + for_s, threading.Event())
    _waiting.append(waits)
    _say()
    waits[1].wait(for_s * SLOW)
    _waiting.remove(waits)
    _say()


def _say() -> None:
    with _saying:
        wants(min((at_s for at_s, _ in list(_waiting)), default=inf))


def _woken(*_: Any) -> None:
    for at_s, event in list(_waiting):
        if at_s <= seconds():
            event.set()


def serve(line: Connection, clock: Path) -> None:
    """The process: does what it is told, until whoever started it is gone."""
    join(clock, "bank")
    signal.signal(WAKE, _woken)
    server = Server()
    server.RequestHandlerClass = Counter
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line.send(server.server_address[1])
    try:
        while True:
            name, *about = line.recv()
            line.send(_told(server, name, about))
    except (EOFError, OSError):
        return


def _told(server: Server, name: str, about: list[Any]) -> Any:
    story = server.story
    if name == "story":
        story.over.set()
        story.simulator.close()
        server.story = Story(*about)
    elif name == "moment":
        story.moment = about[0]
    elif name == "down":
        story.down = about[0]
    elif name == "storm":
        story.faults.start()
    elif name == "calm":
        story.calm()
    elif name == "books":
        return story.books()
    return None


class Bank:
    """The driver's end of it; each call waits the moment that it takes."""

    def __init__(self, context: ForkServerContext, clock: Path) -> None:
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, clock), daemon=True)
        self._process.start()
        theirs.close()
        self.url = f"http://127.0.0.1:{self._line.recv()}/caaa"
        self._down = ""

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def down(self) -> str:
        return self._down

    @down.setter
    def down(self, down: str) -> None:
        self._down = down
        self.tell("down", down)

    def tell(self, *what: Any) -> Any:
        self._line.send(what)
        return self._line.recv()

    def books(self) -> Books:
        return self.tell("books")

    def close(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.join()
