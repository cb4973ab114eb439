"""What a run produced, in the keys of a transcript's `expect`, and the first difference from what was expected."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from emv.outcome import Outcome
    from emv.transaction import Transaction

OBJECTS = (
    ("ac", 0x9F26),
    ("atc", 0x9F36),
    ("cid", 0x9F27),
    ("cvm_results", 0x9F34),
    ("tsi", 0x9B),
    ("tvr", 0x95),
)
OTHERS = ("cid_first", "commands", "data", "oda", "outcome", "start", "tvr_first", "ui")


def observed(transaction: Transaction, outcome: Outcome | None, wanted: dict) -> dict:
    """The keys of `expect` that the run produced, in the same order on either runtime; of `data` what is `wanted`."""
    data = transaction.data
    got: dict[str, Any] = {"oda": transaction.oda}
    if outcome is not None:
        got["outcome"] = outcome.name
        if transaction.contactless:
            got["start"] = outcome.start
            got["ui"] = list(outcome.ui + outcome.restart_ui)
    for key, tag in OBJECTS:
        if tag in data:
            got[key] = data[tag].hex().upper()
    if transaction.cid_first is not None:
        got["cid_first"] = f"{transaction.cid_first:02X}"
    if transaction.tvr_first is not None:
        got["tvr_first"] = transaction.tvr_first.hex().upper()
    tags = [tag for tag in wanted.get("data", {}) if int(tag, 16) in data]
    got["data"] = in_order({tag: data[int(tag, 16)].hex().upper() for tag in tags})
    return in_order(got)


def in_order(table: dict) -> dict:
    return OrderedDict([(key, table[key]) for key in sorted(table)])


def difference(expect: dict, got: dict) -> str | None:
    """The first difference in words, or None; the commands are not looked at."""
    for key in sorted(expect):
        if key not in OTHERS and key not in [name for name, _ in OBJECTS]:
            return f"expect.{key} is not a key of the format"
        if key == "data":
            for tag in sorted(expect["data"]):
                if expect["data"][tag].upper() != got["data"].get(tag):
                    return f"data {tag} is {got['data'].get(tag)}, expected {expect['data'][tag]}"
        elif key != "commands" and not _is(key, expect[key], got):
            return f"{key} is {got.get(key)}, expected {expect[key]}"
    return None


def _is(key: str, expected: object, got: dict) -> bool:
    """The message of a restart may be left out beside another. "Another card" is an end of application, and where
    nothing is left after Select Next it is what Book B makes of that (3.3.2.7)."""
    wanted, value = _folded(expected), _folded(got.get(key))
    if key == "outcome" and wanted in ("end_application", "select_next") and value == "another_card":
        return True
    if key == "ui" and got.get("start") == "B" and len(got["ui"]) > 1 and wanted == _folded(got["ui"][:1]):
        return True
    return wanted == value


def _folded(value: object) -> object:
    """Hex and ids compare without regard to case."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, list):
        return [_folded(item) for item in value]
    return value
