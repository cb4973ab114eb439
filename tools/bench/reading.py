"""Time per APDU under CPython: the kernel beside the package `emv`, both reading the same simulated card.

That package reads and decides nothing, so the kernel reads too: its table ends after READ RECORD. The card costs no
time, its answers are in a table. Printed, too, is a whole transaction, RSA and all.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emv.action import Finish
from emv.kernel import flow
from emv.transaction import Request, Transaction
from tools.bench.kernel_paths import AMOUNT_MINOR, CLOCK, reply_to, terminal
from tools.bench.measure import Measure
from tools.simulators.card import SimulatedCard

ROOT = Path(__file__).parent.parent.parent
PEER = ROOT / ".venv-bench" / "bin" / "python"
CARDS = ("visa_credit", "mastercard_credit")
RUNS = 300
READ_RECORDS = "kernel.read_application_data"


class Card:
    """What a card said once, in order; `elapsed` is its own time in ns."""

    def __init__(self, exchange: list[tuple[bytes, bytes]]) -> None:
        self._answers = iter(exchange)
        self.elapsed = 0

    def transmit(self, command: bytes) -> bytes:
        started = time.perf_counter_ns()
        due, answer = next(self._answers)
        assert command == due, command.hex()
        self.elapsed += time.perf_counter_ns() - started
        return answer


@contextmanager
def reading_alone() -> Iterator[None]:
    """The flow ends once the records are read."""
    moves = flow.CONTACT[READ_RECORDS]
    flow.CONTACT[READ_RECORDS] = {"read": "end_application"}
    try:
        yield
    finally:
        flow.CONTACT[READ_RECORDS] = moves


def transact(card: Card | SimulatedCard) -> tuple[Transaction, float]:
    """One insertion, and its time in us, the card's included."""
    profile = terminal()
    started = time.perf_counter_ns()
    transaction = Transaction(profile, Request(AMOUNT_MINOR, CLOCK), bytes)
    action = flow.begin(transaction)
    while not isinstance(action, Finish):
        action = flow.advance(transaction, reply_to(action, card))
    return transaction, (time.perf_counter_ns() - started) / 1000


def recorded(name: str) -> list[tuple[bytes, bytes]]:
    card = SimulatedCard.load(name)
    card.power_on("contact")
    return transact(card)[0].exchange


def ours(exchange: list[tuple[bytes, bytes]]) -> float:
    """Median us per APDU."""
    times = []
    for _ in range(RUNS):
        card = Card(exchange)
        spent = transact(card)[1]
        times.append((spent - card.elapsed / 1000) / len(exchange))
    return sorted(times)[RUNS // 2]


def theirs(exchange: list[tuple[bytes, bytes]]) -> float:
    """Median us per APDU; it sends the same commands, but for Le."""
    said = [[_without_le(command).hex(), answer.hex()] for command, answer in exchange]
    script = str(ROOT / "tools" / "bench" / "peer" / "read_card.py")
    done = subprocess.run(
        [str(PEER), "-I", script], input=json.dumps(said), capture_output=True, check=True, text=True, timeout=60
    )
    return float(done.stdout) / len(exchange)


def _without_le(command: bytes) -> bytes:
    return command[: 5 + command[4] if len(command) > 5 else 4]


async def measure() -> list[Measure]:
    if not PEER.exists():
        print("no venv of requirements-bench.lock: nothing to compare with", file=sys.stderr)
    measures = []
    for name in CARDS:
        with reading_alone():
            exchange = recorded(name)
            mine = ours(exchange)
        measures += [
            Measure(f"CPython, {name}: reading, per APDU", mine, "us", theirs(exchange) if PEER.exists() else None),
            Measure(f"CPython, {name}: all of it, per APDU", ours(recorded(name)), "us"),
        ]
    return measures
