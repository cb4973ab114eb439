"""What `zinc record` does: a card in a PC/SC reader, or a transcript already written, becomes a transcript to keep."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from emv.certificates.ca_keys import CaKey
from emv.errors import EmvError
from emv.transaction import Transaction
from tools.emulator.card import Card, CardGone
from tools.profiles import france
from tools.record.errors import NotResignable, RecordingFailed
from tools.record.from_trace import of_trace
from tools.record.recorder import LiveCard, Recording, WrittenCard, run
from tools.record.redaction import redacted
from tools.record.signing import prepared, resigned
from tools.record.terminal import Wanted, head, without_enciphered_pin
from tools.replay import redaction, runner, transcript


def of_card(card: Card, wanted: Wanted, ca_keys: Iterable[CaKey] = (), resign: bool = False) -> dict[str, Any]:
    """The transcript of one transaction, redacted or signed anew. Raises RecordingFailed."""
    begun = head(france(ca_keys), wanted)
    if resign:
        begun = without_enciphered_pin(begun)
    file, transaction = _present(card, begun, wanted)
    if not resign:
        return redacted(file, transaction)
    signing = prepared(file, transaction)
    card.power_on(wanted.interface)
    return resigned(begun | {"expect": {}}, signing, LiveCard(card), os.urandom)


def _present(card: Card, begun: dict[str, Any], wanted: Wanted) -> tuple[dict, Transaction]:
    try:
        card.power_on(wanted.interface)
    except CardGone:
        raise RecordingFailed("no card in the reader, or it was taken out") from None
    return run(begun, Recording(LiveCard(card)), os.urandom)


def of_file(file: dict[str, Any], resign: bool = False) -> dict[str, Any]:
    """A transcript that is not redacted yet, or a trace that the till saved. Raises RecordingFailed."""
    if "zinc_trace" in file:
        if resign:
            raise NotResignable("a trace has neither number nor certificates: nothing could be signed")
        return of_trace(file)
    with redaction.Trust(file, file["expect"]):
        transaction, _, _, why = runner.play(file, file["exchange"])
    if why is not None:
        raise RecordingFailed(f"the file does not replay: {why}")
    if not resign:
        return redacted(file, transaction)
    return resigned(file, prepared(file, transaction), WrittenCard(file["exchange"]))


def checked(file: dict[str, Any]) -> str:
    """What replaying it says; raises RecordingFailed where that fails."""
    result = runner.replay("recording", file)
    if not result["passed"]:
        raise RecordingFailed(f"it does not replay: {result['why']}")
    return result["why"] or "replays"


def text(file: dict[str, Any]) -> str:
    return json.dumps(file, indent=1, ensure_ascii=False) + "\n"


def record(out: Path, source: Path | None, reader: str, wanted: Wanted, keys: Path | None, resign: bool) -> int:
    """Write `out`; the exit code."""
    try:
        file = of_file(runner.load(str(source)), resign) if source else _from_reader(reader, wanted, keys, resign)
        said = checked(file)
    except (RecordingFailed, EmvError, transcript.NotReplayable, OSError, ValueError, LookupError) as error:
        print(f"not recorded: {error}", file=sys.stderr)
        return 1
    out.write_text(text(file), encoding="utf-8")
    outcome = file["expect"].get("outcome")
    print(f"{out}: {len(file['exchange'])} commands, {outcome}; {said}")
    return 0


def _from_reader(name: str, wanted: Wanted, keys: Path | None, resign: bool) -> dict[str, Any]:
    from tools.emulator.pcsc import PcscCard

    card = PcscCard(name)
    listed = json.loads(keys.read_text()) if keys else []
    try:
        return of_card(card, wanted, [transcript.ca_key(row) for row in listed], resign)
    finally:
        card.power_off()
