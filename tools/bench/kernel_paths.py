"""Own time of the kernel under MicroPython, as a fraction of the loop of tools/bench/device/kernel_paths.py.

A simulated card and the kernel speak once under CPython with fixed random numbers; the card's answers are then
replayed under MicroPython, where the card costs no time.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

from emv.action import Action, ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send
from emv.certificates.ca_keys import CaKey
from emv.kernel import flow
from emv.profile import Profile
from emv.transaction import Request, Transaction
from tools import profiles
from tools.bench.least_commands import least
from tools.bench.measure import Measure
from tools.micropython import interpreter
from tools.simulators import scheme
from tools.simulators.card import SimulatedCard

ROOT = Path(__file__).parent.parent.parent
CLOCK = (2026, 11, 21, 12, 0, 0)
AMOUNT_MINOR = 1250
PATHS = {  # name: card, interface, goal in fractions of the loop
    "kernel 2, tap, CDA": ("mastercard_credit", "contactless", 0.015),
    "kernel 3, tap": ("visa_credit", "contactless", 0.01),
    "kernel CB, tap": ("cb_visa_debit", "contactless", 0.01),
    "contact, DDA, online PIN": ("visa_credit", "contact", 0.03),
}


def ca_keys() -> list[dict]:
    keys = [entry.ca_public_key for entry in scheme.schemes()]
    return [
        {"rid": k.rid.hex(), "index": k.index, "modulus": k.modulus.hex(), "exponent": k.exponent.hex()} for k in keys
    ]


def terminal() -> Profile:
    keys = [
        CaKey(bytes.fromhex(k["rid"]), k["index"], bytes.fromhex(k["modulus"]), bytes.fromhex(k["exponent"]))
        for k in ca_keys()
    ]
    return profiles.france(keys)


def transacted(card_name: str, interface: str) -> tuple[Transaction, Finish]:
    """A simulated card at the counter; the issuer approves."""
    card = SimulatedCard.load(card_name)
    card.power_on(interface)
    transaction = Transaction(terminal(), Request(AMOUNT_MINOR, CLOCK), bytes)
    action = (flow.begin if interface == "contact" else flow.begin_contactless)(transaction)
    while not isinstance(action, Finish):
        action = flow.advance(transaction, reply_to(action, card))
    return transaction, action


def recording_of(name: str, transaction: Transaction, end: Finish) -> dict:
    """What the card answers, in order, and how it ends."""
    return {
        "name": name,
        "interface": "contactless" if transaction.contactless else "contact",
        "amount_minor": AMOUNT_MINOR,
        "clock": CLOCK,
        "ca_keys": ca_keys(),
        "answers": [answer.hex() for _, answer in transaction.exchange],
        "outcome": end.outcome.name,
    }


class Card(Protocol):
    def transmit(self, command: bytes, /) -> bytes: ...


def reply_to(action: Action, card: Card) -> object:
    if isinstance(action, Send):
        answer = card.transmit(action.command)
        return answer[:-2], answer[-2], answer[-1]
    if isinstance(action, EnterPin):
        assert action.method == "online"  # no VERIFY to replay
        return PinEntry("entered", 0x90, 0)
    assert isinstance(action, GoOnline | ChooseApplication)
    return 0 if isinstance(action, ChooseApplication) else IssuerAnswer(b"00", None, [])


async def measure() -> list[Measure]:
    recordings = []
    fewest = {}
    for name, (card, interface, _) in PATHS.items():
        transaction, end = transacted(card, interface)
        recordings.append(recording_of(name, transaction, end))
        fewest[name] = sum(least(transaction).values())
    told = timed(recordings)
    measures = [Measure("the loop", told["loop_us"] / 1000, "ms")]
    for name, (_, _, goal) in PATHS.items():
        path = told[name]
        measures += [
            Measure(f"{name}: own time", path["own_us"] / told["loop_us"], "of loop", goal),
            *by_step(path, told["loop_us"]),
            Measure(f"{name}: RSA apart", path["rsa_us"] / told["loop_us"], "of loop"),
            Measure(f"{name}: one collection", path["collection_us"] / told["loop_us"], "of loop"),
            Measure(f"{name}: allocated", path["allocated"], "bytes"),
            Measure(f"{name}: commands; the fewest", path["apdus"], "APDUs", fewest[name]),
        ]
    return measures


def by_step(path: dict, loop_us: float) -> list[Measure]:
    """The largest first."""
    spent = sorted(path["steps_us"].items(), key=lambda step: -step[1])
    return [Measure(f"    {name.partition('.')[2]}", us / loop_us, "of loop") for name, us in spent]


def timed(recordings: list[dict]) -> dict:
    """What tools/bench/device/kernel_paths.py found."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        paths = [Path(folder) / f"{number}.json" for number in range(len(recordings))]
        for path, recording in zip(paths, recordings, strict=True):
            path.write_text(json.dumps(recording))
        command = [interpreter() or "", "-X", "heapsize=2M", "tools/bench/device/kernel_paths.py", *map(str, paths)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout)
