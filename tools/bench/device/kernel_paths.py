"""Under MicroPython: replays recorded taps and insertions through the kernel and times its own work.

Arguments: recordings (JSON of tools/bench/kernel_paths.py). Prints one JSON object. The unit is the loop of
unit.py.
"""

import sys

sys.path[:] = [".", "firmware/shims", ".frozen"]

import gc  # noqa: E402  the path comes first
import json  # noqa: E402
import time  # noqa: E402

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry  # noqa: E402
from emv.certificates import rsa  # noqa: E402
from emv.kernel import flow  # noqa: E402
from emv.transaction import Request, Transaction  # noqa: E402
from tools import profiles  # noqa: E402
from tools.bench.device.unit import loop_us  # noqa: E402

RUNS = 200
rsa_us = 0
steps_us = {}


def timed(recover):
    def recover_and_count(*arguments):
        global rsa_us
        started = time.ticks_us()
        try:
            return recover(*arguments)
        finally:
            rsa_us += time.ticks_diff(time.ticks_us(), started)

    return recover_and_count


def timed_step(name, decide):
    """The step's own time goes to `steps_us`; RSA within it not."""

    def decide_and_count(*arguments):
        before = rsa_us
        started = time.ticks_us()
        try:
            return decide(*arguments)
        finally:
            spent = time.ticks_diff(time.ticks_us(), started) - (rsa_us - before)
            steps_us[name] = steps_us.get(name, 0) + spent

    return decide_and_count


def by_step(begin, profile, recording, answers):
    """Mean time in us of each step that is loaded: of runs of their own, since looking costs time."""
    loaded = dict(flow._loaded)
    for name, decide in loaded.items():
        flow._loaded[name] = timed_step(name, decide)
    steps_us.clear()
    for _ in range(RUNS):
        one_run(begin, flow.advance, profile, recording, answers)
    flow._loaded.update(loaded)
    return {name: spent / RUNS for name, spent in steps_us.items()}


def reply_to(action, answers):
    if isinstance(action, EnterPin):
        return PinEntry("entered", 0x90, 0)
    if isinstance(action, GoOnline):
        return IssuerAnswer(b"00", None, [])
    if isinstance(action, ChooseApplication):
        return 0
    answer = next(answers)
    return answer[:-2], answer[-2], answer[-1]


def one_run(begin, advance, profile, recording, answers):
    """(own time in us, of it RSA, bytes allocated) of one transaction; the card answers at once."""
    global rsa_us
    request = Request(recording["amount_minor"], tuple(recording["clock"]))
    rsa_us = own = 0
    pending = iter(answers)
    gc.collect()
    before = gc.mem_alloc()
    started = time.ticks_us()
    transaction = Transaction(profile, request, bytes)
    action = begin(transaction)
    own += time.ticks_diff(time.ticks_us(), started)
    while not isinstance(action, Finish):
        reply = reply_to(action, pending)
        started = time.ticks_us()
        action = advance(transaction, reply)
        own += time.ticks_diff(time.ticks_us(), started)
    assert action.outcome.name == recording["outcome"], (action.outcome.name, action.outcome.why)
    return own, rsa_us, gc.mem_alloc() - before


def measure(recording: dict, profile) -> dict:
    begin = flow.begin if recording["interface"] == "contact" else flow.begin_contactless
    answers = [bytes.fromhex(answer) for answer in recording["answers"]]
    runs = [one_run(begin, flow.advance, profile, recording, answers) for _ in range(RUNS)]
    own = sorted(run[0] - run[1] for run in runs)[RUNS // 2]
    gc.collect()
    started = time.ticks_us()
    gc.collect()
    return {
        "own_us": own,
        "rsa_us": sorted(run[1] for run in runs)[RUNS // 2],
        "allocated": max(run[2] for run in runs),
        "collection_us": time.ticks_diff(time.ticks_us(), started),
        "apdus": len(answers),
        "steps_us": by_step(begin, profile, recording, answers),
    }


def ca_key(key: dict):
    from emv.certificates.ca_keys import CaKey

    return CaKey(bytes.fromhex(key["rid"]), key["index"], bytes.fromhex(key["modulus"]), bytes.fromhex(key["exponent"]))


def main(paths: list) -> None:
    rsa.recover = timed(rsa.recover)
    out = {"loop_us": loop_us()}
    for path in paths:
        with open(path) as file:
            recording = json.load(file)
        keys = [ca_key(key) for key in recording["ca_keys"]]
        out[recording["name"]] = measure(recording, profiles.france(keys))
    print(json.dumps(out))


main(sys.argv[1:])
