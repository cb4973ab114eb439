"""Plays the card, the cardholder and the issuer of a transcript to the kernel, and compares what comes out.

Runs under both runtimes; `python -m tools.replay` starts it under the one that is asked for.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send
from emv.kernel import flow
from emv.transaction import Transaction
from tools.replay import redaction, transcript

if TYPE_CHECKING:
    from typing import Any

    from emv.outcome import Outcome

_CVM_RESULTS = 0x9F34
_TVR = 0x95
_TSI = 0x9B


class Deviation(Exception):
    """The run left the transcript; the message says where."""


class Card:
    """Answers with the exchange's rows in their order; any other command ends the run."""

    def __init__(self, rows: list) -> None:
        self.rows = rows
        self.commands = []

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        sent = command.hex().upper()
        at = len(self.commands)
        self.commands.append(sent)
        if at >= len(self.rows):
            raise Deviation(f"command {at} is {sent}, none was due")
        due = self.rows[at][0].upper()
        if sent != due:
            raise Deviation(f"command {at} is {sent}, due was {due}")
        response = bytes.fromhex(self.rows[at][1])
        return response[:-2], response[-2], response[-1]


def runs(file: dict) -> list:
    """(title, exchange, expect) of the file itself and of each of its twins."""
    found = [("", file["exchange"], file["expect"])]
    for twin in file.get("mutations", []):
        rows = [list(row) for row in file["exchange"]]
        for edit in twin["edits"]:
            rows[edit["exchange"]][1] = edit["response"]
        found.append((twin["title"], rows, twin["expect"]))
    return found


def begin(file: dict, draws: transcript.Draws) -> tuple[Transaction, Any]:
    """The transaction of the file and its first action."""
    transaction = Transaction(transcript.profile(file), transcript.request(file), draws)
    start = flow.begin_contactless if file["interface"] == "contactless" else flow.begin
    return transaction, start(transaction)


def advance(transaction: Transaction, file: dict, card: Any, action: Any) -> Any:
    """The next action, the last one done by `card` and by what the file says of cardholder and issuer."""
    return flow.advance(transaction, _reply(file, card, action))


def play(file: dict, rows: list) -> tuple:
    """One run: (transaction, outcome or None, card, why it left the transcript or None)."""
    card = Card(rows)
    transaction, action = begin(file, transcript.Draws(file["terminal"].get("random", [])))
    try:
        while not isinstance(action, Finish):
            action = advance(transaction, file, card, action)
    except (Deviation, transcript.NotReplayable) as fault:
        return transaction, None, card, str(fault)
    return transaction, action.outcome, card, None


def _reply(file: dict, card: Any, action: Any) -> Any:
    if isinstance(action, Send):
        return card.transmit(action.command)
    if isinstance(action, ChooseApplication):
        return _choice(file, action)
    if isinstance(action, EnterPin):
        return _pin(file, card, action)
    if isinstance(action, GoOnline):
        return _issuer(file)
    raise Deviation(f"the kernel asks for {type(action).__name__}")


def _choice(file: dict, action: ChooseApplication) -> int:
    wanted = file["cardholder"]["choose"].upper()
    names = [name.hex().upper() for name, _ in action.candidates]
    if wanted not in names:
        raise Deviation(f"cardholder.choose {wanted} is not among {names}")
    return names.index(wanted)


def _pin(file: dict, card: Card, action: EnterPin) -> PinEntry:
    """The PIN's owner builds VERIFY (Book 3, 6.5.12: control 2, length, digits, F to eight bytes)."""
    cardholder = file.get("cardholder", {})
    if cardholder.get("pin_entry") == "bypass":
        return PinEntry("bypassed")
    if "pin" not in cardholder:
        return PinEntry("unavailable")
    if action.method == "online":
        return PinEntry("entered")
    digits = cardholder["pin"]
    block = bytes.fromhex(f"2{len(digits):X}{digits}" + "F" * (14 - len(digits)))
    _, sw1, sw2 = card.transmit(b"\x00\x20\x00\x80\x08" + block)
    return PinEntry("entered", sw1, sw2)


def _issuer(file: dict) -> IssuerAnswer | None:
    issuer = file.get("issuer")
    if issuer is None:
        raise Deviation("the kernel asks the issuer, the transcript has none")
    if not issuer["online"]:
        return None
    data = issuer.get("91")
    return IssuerAnswer(
        bytes.fromhex(issuer["8A"]),
        None if data is None else bytes.fromhex(data),
        [bytes.fromhex(script) for script in issuer.get("scripts", [])],
    )


def observed(transaction: Transaction, outcome: Outcome | None, contactless: bool, wanted: dict) -> dict:
    """The keys of `expect` that the run produced."""
    data = transaction.data
    got: dict[str, Any] = {"oda": transaction.oda}
    if outcome is not None:
        got["outcome"] = outcome.name
        if contactless:
            got["start"] = outcome.start
            got["ui"] = list(outcome.ui)
    for key, tag in (("tvr", _TVR), ("tsi", _TSI), ("cvm_results", _CVM_RESULTS), ("ac", 0x9F26), ("atc", 0x9F36)):
        if tag in data:
            got[key] = data[tag].hex().upper()
    if 0x9F27 in data:
        got["cid"] = data[0x9F27].hex().upper()
    if transaction.cid_first is not None:
        got["cid_first"] = f"{transaction.cid_first:02X}"
    if transaction.tvr_first is not None:
        got["tvr_first"] = transaction.tvr_first.hex().upper()
    got["data"] = {tag: data[int(tag, 16)].hex().upper() for tag in wanted.get("data", {}) if int(tag, 16) in data}
    return got


def compare(expect: dict, got: dict, card: Card) -> str | None:
    """The first difference in words, or None."""
    for key in sorted(expect):
        if key == "commands":
            continue
        if key == "data":
            for tag in sorted(expect["data"]):
                if expect["data"][tag].upper() != got["data"].get(tag):
                    return f"data {tag} is {got['data'].get(tag)}, expected {expect['data'][tag]}"
        elif _folded(expect[key]) != _folded(got.get(key)):
            return f"{key} is {got.get(key)}, expected {expect[key]}"
    if expect.get("commands", "exact") == "exact" and len(card.commands) < len(card.rows):
        at = len(card.commands)
        return f"{at} commands were sent, due was {card.rows[at][0]}"
    return None


def _folded(value: object) -> object:
    """Hex and ids compare without regard to case."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, list):
        return [_folded(item) for item in value]
    return value


def replay(name: str, file: dict) -> dict:
    """The file and its twins; the result is of the first run that fails, or else of the file itself."""
    first: dict = {}
    for title, rows, expect in runs(file):
        result = _replay_one(file, rows, expect)
        result["file"] = name
        if not result["passed"]:
            if title:
                result["why"] = f"twin '{title}': {result['why']}"
            return result
        first = first or result
    return first


def _replay_one(file: dict, rows: list, expect: dict) -> dict:
    contactless = file["interface"] == "contactless"
    note = None
    try:
        with redaction.Trust(file, expect) as trust:
            transaction, outcome, card, why = play(file, rows)
            note = trust.note
    except transcript.NotReplayable as fault:
        return {"passed": False, "why": str(fault), "got": {}, "commands": []}
    got = observed(transaction, outcome, contactless, expect)
    if why is None:
        why = compare(expect, got, card)
    return {"passed": why is None, "why": why or note, "got": got, "commands": card.commands}


def load(path: str) -> dict:
    with open(path) as text:
        return json.load(text)


def main(arguments: list[str]) -> int:
    """FILE... [--json]; exits 0 only when all pass."""
    as_json = "--json" in arguments
    failed = 0
    for path in [argument for argument in arguments if argument != "--json"]:
        try:
            result = replay(path, load(path))
        except (OSError, ValueError, KeyError) as fault:
            result = {"file": path, "passed": False, "why": f"not a transcript: {fault!r}", "got": {}, "commands": []}
        failed += not result["passed"]
        print(json.dumps(result) if as_json else line(result))
    return 1 if failed else 0


def line(result: dict) -> str:
    why = f": {result['why']}" if result["why"] else ""
    return f"{'pass' if result['passed'] else 'fail'} {result['file']}{why}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
