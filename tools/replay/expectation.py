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
    """The books name some ends in two ways, and a file may use either. "Another card" is an end of application, and is
    what the entry point makes of a Select Next after which nothing is left (Book B, 3.3.2.7), start C and no message;
    "try again" is with kernels 2 and 3 an end of application with start B. The message of a restart may be left out."""
    wanted, value = _folded(expected), _folded(got.get(key))
    if wanted == value:
        return True
    end = got.get("outcome")
    if key == "outcome":
        return (wanted, end, got.get("start")) == ("end_application", "try_again", "B") or (
            wanted in ("end_application", "select_next") and end == "another_card"
        )
    if end == "another_card" and wanted in ("c", []):
        return True
    return key == "ui" and got.get("start") == "B" and wanted == _folded(got["ui"][:1])


def _folded(value: object) -> object:
    """Hex and ids compare without regard to case."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, list):
        return [_folded(item) for item in value]
    return value
