"""`make fuzz`: generated hostile cards against the kernel, in two processes of CPython and one of MicroPython.

`python -m tests.fuzz [--cards N] [--seed FIRST]`; with `--one SEED` one card is told in full. Every card must end in an
outcome within 5 s, raise nothing, and under MicroPython leave a bounded heap as it was, give or take 1 KB.
"""

from __future__ import annotations

import argparse
import os
import secrets
import select
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from emv.generated.rules import RULES
from tests.fuzz import drive
from tools.micropython import interpreter

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MS = 5000
MOST_GROWTH = 1024
HEAP = "1M"  # what the tests themselves weigh is in it too
_SHARE_OF_MICROPYTHON = 5  # one card in so many
_MOST_FAULTS = 20  # after so many a worker gives up
_MICROPYTHON_PATH = "sys.path[:] = [sys.path[0], 'firmware/shims', '.frozen']"
_PROGRAM = """
import sys
{path}
from tests.fuzz import worker
worker.main({first}, {count}, {digests}, {paths!r})
"""


def transcripts() -> list[str]:
    """By their names, from the project's own folder."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests" / "cards").glob("*.json"))]


@dataclass
class Account:
    """What was seen so far, of all workers. `faults`: (runtime, seed, what)."""

    cards: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    faults: list[tuple[str, int, str]] = field(default_factory=list)
    slowest: tuple[int, str, int] = (0, "", 0)
    growth: int = 0
    digests: dict[str, dict[int, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, runtime: str, line: str) -> int:
        """One line of a worker; the seed."""
        with self.lock:
            return self._add(runtime, line)

    def _add(self, runtime: str, line: str) -> int:
        seed, grown, took, outcome, digest, rules = line.split(" ", 5)
        number = int(seed)
        self.cards[runtime] += 1
        self.growth = max(self.growth, int(grown))
        self.slowest = max(self.slowest, (int(took), runtime, number))
        if outcome == "crash":
            self.faults.append((runtime, number, f"{digest} {rules}"))
            return number
        self.outcomes.update(outcome.split("+"))
        self.rules.update(rules.split(",") if rules != "-" else ())
        if digest != "-":
            self.digests.setdefault(runtime, {})[number] = digest
        if int(took) > MOST_MS:
            self.faults.append((runtime, number, f"took {took} ms"))
        if int(grown) > MOST_GROWTH:
            self.faults.append((runtime, number, f"the heap grew by {grown} bytes"))
        return number


class Worker:
    """A process that drives `count` cards from `first` on. One that is silent too long, or ends early, is a fault of
    the card at hand; the next process goes on behind it."""

    def __init__(self, runtime: str, first: int, count: int, account: Account, digests: bool = False) -> None:
        self.runtime = runtime
        self.next = first
        self.end = first + count
        self.account = account
        self.digests = digests

    def run(self) -> None:
        while self.next < self.end and len(self.account.faults) < _MOST_FAULTS:
            said = self._run_process()
            if self.next < self.end:
                self.account.faults.append((self.runtime, self.next, "hung or died: " + said))
                self.next += 1

    def _run_process(self) -> str:
        """The last line that was no card's."""
        path = "" if self.runtime == "cpython" else _MICROPYTHON_PATH
        count = self.end - self.next
        program = _PROGRAM.format(path=path, first=self.next, count=count, digests=self.digests, paths=transcripts())
        command = [*_interpreter(self.runtime), "-c", program]
        said = ""
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            for line in _lines(process):
                if line[:1].isdigit():
                    self.next = self.account.add(self.runtime, line) + 1
                else:
                    said = line
        return said


def _interpreter(runtime: str) -> list[str]:
    if runtime == "cpython":
        return [sys.executable, "-B"]
    return [str(interpreter()), "-X", f"heapsize={HEAP}"]


def _lines(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What the process says, until it ends, or is silent for so long that it is ended."""
    assert process.stdout is not None
    rest = b""
    while select.select([process.stdout], [], [], 2 * MOST_MS / 1000)[0]:
        more = os.read(process.stdout.fileno(), 65536)
        if not more:
            return
        *whole, rest = (rest + more).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")
    process.kill()


def fuzz(first: int, count: int, digests: bool = False, every_card_on_both: bool = False) -> Account:
    """Drive `count` cards from seed `first` on: by two processes of CPython, and a share of them by MicroPython too."""
    account = Account()
    half = count // 2
    workers = [
        Worker("cpython", first, half, account, digests),
        Worker("cpython", first + half, count - half, account, digests),
    ]
    if interpreter() is not None:
        share = count if every_card_on_both else count // _SHARE_OF_MICROPYTHON
        workers.append(Worker("micropython", first, share, account, digests))
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    for thread in threads:
        while thread.is_alive():
            thread.join(5)
            print(f"{time.monotonic() - started:5.0f} s  {sum(account.cards.values())} cards", file=sys.stderr)
    return account


def summary(account: Account) -> list[str]:
    """What was seen, a line each."""
    took, runtime, seed = account.slowest
    never = sorted(set(RULES) - account.rules)
    driven = ", ".join(f"{count} on {name}" for name, count in sorted(account.cards.items()))
    outcomes = ", ".join(f"{name} {count}" for name, count in account.outcomes.most_common())
    return [
        f"cards     {sum(account.cards.values())}: {driven}",
        f"outcomes  {outcomes}",
        f"rules     {len(account.rules)} of {len(RULES)} of data/rules.csv seen; not: {', '.join(never)}",
        f"slowest   {took} ms (seed {seed}, {runtime}), {MOST_MS} allowed",
        f"heap      grew by {account.growth} bytes at most over one card on micropython, {MOST_GROWTH} allowed",
        f"crashers  {len(account.faults)}",
        *[f"  seed {seed} on {name}: {what}" for name, seed, what in account.faults],
    ]


def tell(seed: int) -> None:
    """One card in full."""
    done = drive.run(seed, transcripts())
    print(done.text())


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description="Hostile cards against the kernel.")
    parser.add_argument("--cards", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 30), help="of the first card")
    parser.add_argument("--one", type=int, help="tell the card of this seed in full")
    options = parser.parse_args()
    if options.one is not None:
        tell(options.one)
        return 0
    print(f"seeds     from {options.seed}: `python -m tests.fuzz --seed {options.seed} --cards {options.cards}`")
    account = fuzz(options.seed, options.cards)
    print("\n".join(summary(account)))
    return 1 if account.faults else 0


if __name__ == "__main__":
    sys.exit(main())
