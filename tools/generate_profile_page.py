"""Turns emv/profile/schema.py into docs/profile.md, for whoever writes a profile; `--check` compares instead."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from emv.profile import schema
from tools.generated import keep

TARGET = Path(__file__).parent.parent / "docs" / "profile.md"

HEAD = """# The terminal profile

Generated from `emv/profile/schema.py` by `tools/generate_profile_page.py`.

A profile is a JSON file that says what a terminal is, which cards it takes and within which limits; the reader loads it
when it starts. `data/profiles/france.json` is the one it ships with. `zinc profile check FILE` says what is wrong with
one, and where:

    applications[2].tac_denial: 5 bytes in hex wanted, got 4

Amounts are whole numbers of minor units (5000 is 50,00). A field that is not listed here is refused, and so are a field
that is there twice and fields that contradict each other. The reader puts its own serial number into 9F1E, and before a
tap has the kernel of the first application that is tapped in memory.

France: every payment goes online (floor limits of 0). A chip or a Mastercard that is not authentic, or that nobody
authenticated, is declined by TAC (EC: attacks/C-03, C-10), and so is one that relay resistance finds too far away (0C:
C-13). A tap of 50,00 needs no PIN, one of 50,01 does, on every kernel.
"""

DATA_HEAD = """
## Data objects

What `data` may set, in hex; the others have a field, or are the transaction's.

| tag | length | meaning |
|---|---|---|
"""

TABLES = (
    ("The terminal", schema.PROFILE, ""),
    (
        "An application",
        schema.APPLICATION,
        "One entry for each interface: with `kernel` it is tapped, without it is for the chip. A group in `groups`\n"
        "holds any of these fields but the first three; an entry that names it takes them over.",
    ),
    (
        "Limits of a tap",
        schema.LIMITS,
        "Each is the largest amount that is still on this side, on every kernel. Kernel 2 asks whether its limits\n"
        "(DF8124, DF8125, DF8126, DF8123) are exceeded; the pre-processing of Book B whether they are reached, so it\n"
        "is told one more; the floor limit is exceeded in both. An absent limit is none.",
    ),
)


def page() -> str:
    objects = "".join(f"| {tag:X} | {unit} | {meaning} |\n" for tag, unit, meaning in schema.DATA)
    return HEAD + "".join(section(*table) for table in TABLES) + DATA_HEAD + objects


def section(title: str, rows: tuple, text: str) -> str:
    head = "| field | type | unit | needed | default | tag | meaning |\n|---|---|---|---|---|---|---|\n"
    return f"\n## {title}\n\n{text + chr(10) * 2 if text else ''}{head}{''.join(line(*row) for row in rows)}"


def line(name: str, kind: str, unit: str, needed: bool, default: object, tag: int, meaning: str) -> str:
    filled = "" if default is None else f"`{json.dumps(default)}`"
    shown = f"{tag:X}" if tag else ""
    return f"| `{name}` | {kind} | {unit} | {'yes' if needed else ''} | {filled} | {shown} | {meaning} |\n"


if __name__ == "__main__":
    sys.exit(keep({TARGET: page()}, "python -m tools.generate_profile_page"))
