"""Plays the card, the cardholder and the issuer of a transcript to the kernel, and compares what comes out.

Runs under both runtimes; `python -m tools.replay` starts it under the one that is asked for.
"""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING

from emv.action import ChooseApplication, EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send, VerifyPin
from emv.certificates import rsa
from emv.errors import EmvError
from emv.kernel import flow
from emv.transaction import Transaction
from tools.replay import keys, redaction, transcript
from tools.replay.expectation import difference, observed

if TYPE_CHECKING:
    from typing import Any


class Deviation(Exception):
    """The run left the transcript; the message says where."""


class Card:
    """Answers with the exchange's rows in their order; any other command ends the run."""

    def __init__(self, rows: list) -> None:
        self.rows = rows
        self.commands = []

    @property
    def due(self) -> bytes:
        at = len(self.commands)
        return bytes.fromhex(self.rows[at][0]) if at < len(self.rows) else b""

    def transmit(self, command: bytes) -> tuple | None:
        """(data, sw1, sw2, time in units of 100 microseconds); None where the row's answer is empty: it is gone."""
        sent = command.hex().upper()
        at = len(self.commands)
        self.commands.append(sent)
        if at >= len(self.rows):
            raise Deviation(f"command {at} is {sent}, none was due")
        row = self.rows[at]
        if sent != row[0].upper():
            raise Deviation(f"command {at} is {sent}, due was {row[0].upper()}")
        response = bytes.fromhex(row[1])
        return (response[:-2], response[-2], response[-1], row[2] if len(row) > 2 else 0) if response else None


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
    return flow.advance(transaction, _reply(file, card, action, transaction.chosen))


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


def _reply(file: dict, card: Any, action: Any, again: bool = False) -> Any:
    if isinstance(action, Send):
        return card.transmit(action.command)
    if isinstance(action, ChooseApplication):
        return _choice(file, again, action)
    if isinstance(action, EnterPin):
        return _pin(file, card, action)
    if isinstance(action, VerifyPin):
        return _verify_enciphered(file, card, action)
    if isinstance(action, GoOnline):
        return _issuer(file)
    raise Deviation(f"the kernel asks for {type(action).__name__}")


def _choice(file: dict, again: bool, action: ChooseApplication) -> int:
    """Asked again, since what was chosen failed, the cardholder takes the first that is left."""
    wanted = file["cardholder"]["choose"].upper()
    names = [name.hex().upper() for name, _ in action.candidates]
    if again and wanted not in names:
        return 0
    if wanted not in names:
        raise Deviation(f"cardholder.choose {wanted} is not among {names}")
    return names.index(wanted)


def _pin(file: dict, card: Card, action: EnterPin) -> PinEntry:
    cardholder = file.get("cardholder", {})
    if cardholder.get("pin_entry") == "bypass":
        return PinEntry("bypassed")
    if "pin" not in cardholder:
        return PinEntry("unavailable")
    if action.method != "offline_plaintext":
        return PinEntry("entered")  # goes to the issuer, or waits for VerifyPin
    return _verify(card, 0x80, pin_block(cardholder["pin"]))


def _verify_enciphered(file: dict, card: Card, action: VerifyPin) -> PinEntry:
    """Book 2, table 25: 7F, PIN block, the card's challenge, padding; enciphered with the card's key.

    A redacted file has lost that key: what stands there is sent, and zeros are where a file is being written.
    """
    if file.get("redacted", False):
        due = card.due[5:] if isinstance(card, Card) else b""
        return _verify(card, 0x88, due or bytes(len(action.key[0])))
    plain = b"\x7f" + pin_block(file["cardholder"]["pin"]) + action.challenge + action.padding
    return _verify(card, 0x88, rsa.recover(plain, action.key[0], action.key[1]))


def _verify(card: Card, reference: int, data: bytes) -> PinEntry:
    reply = card.transmit(bytes((0x00, 0x20, 0x00, reference, len(data))) + data)
    if reply is None:
        raise Deviation("a card that is gone at VERIFY cannot be replayed: the PIN is not the kernel's")
    return PinEntry("entered", reply[1], reply[2])


def pin_block(digits: str) -> bytes:
    """Book 3, 6.5.12: control 2, length, digits, F to eight bytes."""
    return bytes.fromhex(f"2{len(digits):X}{digits}" + "F" * (14 - len(digits)))


def _issuer(file: dict) -> IssuerAnswer | None:
    issuer = file.get("issuer")
    if issuer is None:
        raise Deviation("the kernel asks the issuer, the transcript has none")
    if not issuer["online"]:
        return None
    data = issuer.get("91")
    return IssuerAnswer(
        bytes.fromhex(issuer.get("8A", "")),
        None if data is None else bytes.fromhex(data),
        [bytes.fromhex(script) for script in issuer.get("scripts", [])],
    )


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
    unknown = keys.unknown_keys(file)
    if unknown:
        first["why"] = (first["why"] + "; " if first["why"] else "") + "left alone: " + ", ".join(unknown)
    return first


def _replay_one(file: dict, rows: list, expect: dict) -> dict:
    note = None
    try:
        with redaction.Trust(file, expect) as trust:
            transaction, outcome, card, why = play(file, rows)
            note = trust.note
    except (transcript.NotReplayable, EmvError) as fault:
        return _failed(str(fault))
    got = observed(transaction, outcome, expect)
    why = why or difference(expect, got) or _missing_command(expect, card)
    return {"passed": why is None, "why": why or note, "got": got, "commands": card.commands}


def _missing_command(expect: dict, card: Card) -> str | None:
    at = len(card.commands)
    if expect.get("commands", "exact") == "exact" and at < len(card.rows):
        return f"{at} commands were sent, due was {card.rows[at][0]}"
    return None


def _failed(why: str) -> dict:
    return {"passed": False, "why": why, "got": {}, "commands": []}


def load(path: str) -> dict:
    """What is null is as good as absent."""
    with open(path) as text:
        file = json.load(text)
    return {key: value for key, value in file.items() if value is not None}


def main(arguments: list[str]) -> int:
    """FILE... [--json]; exits 0 only when all pass."""
    as_json = "--json" in arguments
    failed = 0
    for path in [argument for argument in arguments if argument != "--json"]:
        result = replay_file(path)
        failed += not result["passed"]
        print(json_line(result) if as_json else line(result))
    return 1 if failed else 0


def replay_file(path: str) -> dict:
    try:
        file = load(path)
        keys.check(file)
        return replay(path, file)
    except (keys.NotATranscript, OSError, ValueError) as fault:
        result = _failed(f"not a transcript: {fault}")
    except Exception as fault:  # noqa: BLE001 whatever we did wrong fails this file, and the others are still replayed
        result = _failed(f"the replay broke: {fault!r}")
    result["file"] = path
    return result


def line(result: dict) -> str:
    why = f": {result['why']}" if result["why"] else ""
    return f"{'pass' if result['passed'] else 'fail'} {result['file']}{why}"


def json_line(result: dict) -> str:
    """One line, the same bytes on either runtime."""
    return json.dumps(OrderedDict([(key, result[key]) for key in ("file", "passed", "why", "got", "commands")]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
