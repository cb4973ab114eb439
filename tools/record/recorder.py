"""Runs the kernel against a card and writes the transcript: chance as it is drawn, each answer with its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Protocol

from emv.action import Finish
from emv.transaction import Transaction
from tools.emulator.card import Card, CardGone
from tools.record.errors import RecordingFailed
from tools.replay import runner, transcript
from tools.replay.expectation import observed

UNITS_PER_S = 10_000
TOLD = ("84", "8A", "9F45", "9F4C", "9F5B")  # tags of `expect.data`, where the run has them

Rewrite = Callable[[bytes, bytes, Transaction], bytes]  # (C-APDU, R-APDU, transaction) -> R-APDU


class Source(Protocol):
    """Where answers come from: R-APDU and its time in units of 100 microseconds; b"" when the card is gone."""

    def ask(self, command: bytes) -> tuple[bytes, int]: ...


class LiveCard:
    def __init__(self, card: Card) -> None:
        self._card = card

    def ask(self, command: bytes) -> tuple[bytes, int]:
        started = time.perf_counter()
        try:
            response = self._card.transmit(command)
        except CardGone:
            response = b""
        return response, round((time.perf_counter() - started) * UNITS_PER_S)


class WrittenCard:
    """Answers as a transcript has it, whatever the data of a command: only what is asked has to be the same."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self._rows = rows
        self._at = 0

    def ask(self, command: bytes) -> tuple[bytes, int]:
        if self._at == len(self._rows):
            raise RecordingFailed(f"command {self._at} was never asked of the card")
        row = self._rows[self._at]
        due = bytes.fromhex(row[0])
        if command[:4] != due[:4] and command[1] != due[1]:
            raise RecordingFailed(f"command {self._at} is another one now: {command[:4].hex()}, not {due[:4].hex()}")
        self._at += 1
        return bytes.fromhex(row[1]), row[2] if len(row) > 2 else 0


class Recording:
    """Between kernel and card: keeps what was said, rewritten where that is wanted."""

    def __init__(self, source: Source, rewrite: Rewrite | None = None) -> None:
        self._source = source
        self._rewrite = rewrite
        self.rows: list[list[Any]] = []
        self.transaction: Transaction | None = None

    def transmit(self, command: bytes) -> tuple[bytes, int, int, int] | None:
        response, took = self._source.ask(command)
        if response and self._rewrite is not None and self.transaction is not None:
            response = self._rewrite(command, response, self.transaction)
        self.rows.append([command.hex().upper(), response.hex().upper(), took])
        return (response[:-2], response[-2], response[-1], took) if response else None


def run(head: dict[str, Any], recording: Recording, random: Callable[[int], bytes]) -> tuple[dict, Transaction]:
    """(the whole transcript, the kernel's transaction). Raises RecordingFailed."""
    file = deepcopy(head)
    drawn: list[str] = []

    def draw(length: int) -> bytes:
        number = random(length)
        drawn.append(number.hex().upper())
        return number

    try:
        transaction, action = runner.begin(file, draw)  # pyright: ignore[reportArgumentType]
        recording.transaction = transaction
        while not isinstance(action, Finish):
            action = runner.advance(transaction, file, recording, action)
    except (runner.Deviation, transcript.NotReplayable) as fault:
        raise RecordingFailed(str(fault)) from None
    file["terminal"]["random"] = drawn
    file["exchange"] = recording.rows
    wanted = {"data": dict.fromkeys(TOLD, "")}
    file["expect"] = {"commands": "exact", **observed(transaction, action.outcome, wanted)}
    if not file["expect"]["data"]:
        del file["expect"]["data"]
    _forget_unasked(file)
    return file, transaction


def _forget_unasked(file: dict[str, Any]) -> None:
    """An issuer or a PIN that nobody asked for is not part of what happened."""
    response_code = file["expect"].get("data", {}).get("8A", "")
    if file["interface"] == "contactless" or response_code in ("", "5931", "5A31"):
        file.pop("issuer", None)


def written_again(file: dict[str, Any], rewrite: Rewrite) -> tuple[dict, Transaction]:
    """The same run with each answer rewritten; the commands are what the kernel makes of that."""
    head = {key: value for key, value in file.items() if key not in ("exchange", "expect", "mutations")}
    draws = transcript.Draws(file["terminal"].get("random", []))
    return run(head, Recording(WrittenCard(file["exchange"]), rewrite), draws)
