"""The account of a file: a transcript (docs/transcript.md) is run through the kernel, a saved trace is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from emv.errors import EmvError
from firmware.flows import trace
from host.payment import trace_file
from host.payment.explanation import BadTrace, Explanation, explain
from tools.replay import keys, redaction, runner, transcript

UNITS_PER_MS = 10  # of a transcript's times


class NotExplainable(Exception):
    """They did wrong: the file is neither transcript nor trace; the message says why."""


@dataclass(frozen=True)
class Account:
    """`deviation`: where the run left the transcript, None where it did not, or where it was no run."""

    title: str
    facts: tuple[str, ...]
    explanation: Explanation
    outcome: str
    deviation: str | None = None


def load(path: Path) -> Account:
    """Raises NotExplainable."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(file, dict) and "zinc_trace" in file:
            return _saved(file)
        keys.check(file)
    except (OSError, ValueError, BadTrace, keys.NotATranscript) as error:
        raise NotExplainable(f"{path}: {error}") from None
    try:
        return of_transcript(file)
    except (EmvError, transcript.NotReplayable) as error:
        raise NotExplainable(f"{path}: {error}") from None


def _saved(file: dict[str, Any]) -> Account:
    payment = file.get("payment", {})
    facts = [payment.get(name) for name in ("interface", "amount", "transaction_id")]
    outcome = payment.get("outcome") or ""
    return Account("", tuple(fact for fact in facts if fact), trace_file.explanation(file), outcome)


def of_transcript(file: dict[str, Any]) -> Account:
    """Run it, and tell it as the reader would: what is hidden there is hidden here."""
    with redaction.Trust(file, file["expect"]):
        transaction, outcome, card, why = runner.play(file, file["exchange"])
    sent = {command.upper(): row[2] for command, row in zip(card.commands, card.rows, strict=False) if len(row) > 2}
    times = [sent.get(command.hex().upper(), 0) // UNITS_PER_MS for command, _ in transaction.exchange]
    payment = SimpleNamespace(transaction=transaction, card=transaction, times_ms=times)
    told = b"".join(bytes(part) for part in trace.encode(payment))  # pyright: ignore[reportArgumentType]
    asked = file["transaction"]
    facts = (file["interface"], f"{asked['amount'] / 100:.2f}", file["terminal"]["clock"].replace("T", " "))
    return Account(file.get("title", ""), facts, explain(told), outcome.name if outcome else "", why)
