"""Own time of the kernel under MicroPython, as a fraction of the loop of tools/bench/device/kernel_paths.py.

A simulated card and the kernel speak once under CPython with fixed random numbers; the card's answers are then
replayed under MicroPython, where the card costs no time.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emv.action import Action, ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send
from emv.certificates.ca_keys import CaKey
from emv.contactless import entry_point
from emv.kernel import flow
from emv.profile.france import profile
from emv.transaction import Request, Transaction
from tools import build_firmware
from tools.bench.measure import Measure
from tools.micropython import interpreter
from tools.simulators import scheme
from tools.simulators.card import SimulatedCard

ROOT = Path(__file__).parent.parent.parent
CLOCK = (2026, 11, 21, 12, 0, 0)
AMOUNT_MINOR = 1250
PATHS = {  # name: card, interface, goal in fractions of the loop
    "kernel 3, tap": ("cb_visa_debit", "contactless", 0.015),
    "contact, DDA, online PIN": ("visa_credit", "contact", 0.04),
}


def ca_keys() -> list[dict]:
    keys = [entry.ca_public_key for entry in scheme.schemes()]
    return [
        {"rid": k.rid.hex(), "index": k.index, "modulus": k.modulus.hex(), "exponent": k.exponent.hex()} for k in keys
    ]


def record(name: str, card_name: str, interface: str) -> dict:
    """What the card answers, in order, and how it ends."""
    keys = [
        CaKey(bytes.fromhex(k["rid"]), k["index"], bytes.fromhex(k["modulus"]), bytes.fromhex(k["exponent"]))
        for k in ca_keys()
    ]
    card = SimulatedCard.load(card_name)
    card.power_on(interface)
    answers: list[bytes] = []
    transaction = Transaction(profile(keys), Request(AMOUNT_MINOR, CLOCK), bytes)
    action = (flow if interface == "contact" else entry_point).begin(transaction)
    while not isinstance(action, Finish):
        action = flow.advance(transaction, reply_to(action, card, answers))
    return {
        "name": name,
        "interface": interface,
        "amount_minor": AMOUNT_MINOR,
        "clock": CLOCK,
        "ca_keys": ca_keys(),
        "answers": [answer.hex() for answer in answers],
        "outcome": action.outcome.name,
    }


def reply_to(action: Action, card: SimulatedCard, answers: list[bytes]) -> object:
    if isinstance(action, Send):
        answers.append(card.transmit(action.command))
        return answers[-1][:-2], answers[-1][-2], answers[-1][-1]
    if isinstance(action, EnterPin):
        assert action.method == "online"  # no VERIFY to replay
        return PinEntry("entered", 0x90, 0)
    assert isinstance(action, GoOnline | ChooseApplication)
    return 0 if isinstance(action, ChooseApplication) else IssuerAnswer(b"00", None, [])


@contextmanager
def recordings() -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        paths = []
        for number, (name, (card, interface, _)) in enumerate(PATHS.items()):
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps(record(name, card, interface)))
            paths.append(str(path))
        yield paths


async def measure() -> list[Measure]:
    build_firmware.build("emulator")
    with recordings() as paths:
        command = [interpreter() or "", "-X", "heapsize=512k", "tools/bench/device/kernel_paths.py", *paths]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    measures = [Measure("the loop", told["loop_us"] / 1000, "ms")]
    for name, (_, _, goal) in PATHS.items():
        path = told[name]
        measures += [
            Measure(f"{name}: own time", path["own_us"] / told["loop_us"], "of loop", goal),
            Measure(f"{name}: RSA apart", path["rsa_us"] / told["loop_us"], "of loop"),
            Measure(f"{name}: one collection", path["collection_us"] / told["loop_us"], "of loop"),
            Measure(f"{name}: allocated", path["allocated"], "bytes"),
            Measure(f"{name}: commands to the card", path["apdus"], "APDUs"),
        ]
    return measures
