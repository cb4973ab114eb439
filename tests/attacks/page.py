"""Writes docs/attacks.md from the attacks and the patches by which they bite; `--check` says when it is stale."""

from __future__ import annotations

import ast
import sys

from tests.attacks.run import HERE, modules
from tests.attacks.trees import PATCHES, ROOT
from tools.generated import keep

TARGET = ROOT / "docs" / "attacks.md"
HEAD = """# Attacks, and how each is shown to bite

Written by `python -m tests.attacks.page` from `tests/attacks` and `tests/weakened`.

Each row of [the requirements](requirements/attacks.md), section 1, is an attack on the emulated reader: shipped
firmware under MicroPython, Bluetooth, till, acquirer and issuer; rows of other sections follow, some on the host alone.
`tests/attacks/test_attacks.py` runs each twice: on a copy of the tree that one patch has weakened, where it must get
what it wants, and on the tree as it is, where it must not. So no test passes because its attack is clumsy, and the
product has no switch that turns a defence off.

By hand: `python -m tests.attacks.run C-07` attacks the tree that it is started in. A patch that no longer applies
fails its test: make its change again in the new code, `git diff -U1 > tests/weakened/C-07.patch`, and take it back.
"""


def page() -> str:
    return "\n".join([HEAD, *(section(row, module) for row, module in modules().items())])


def section(row: str, module: str) -> str:
    attacker, zinc = told(module)
    title = f"## {row} {module[4:].replace('_', ' ')}"
    bites = f"[`{module}.py`](../tests/attacks/{module}.py) succeeds where this is changed:"
    return f"{title}\n\n- **Attacker:** {attacker}\n- **Zinc:** {zinc}\n- {bites}\n\n```diff\n{weakening(row)}\n```\n"


def told(module: str) -> tuple[str, str]:
    """The two paragraphs of the module's docstring."""
    text = ast.get_docstring(ast.parse((HERE / f"{module}.py").read_text())) or ""
    attacker, zinc = (" ".join(part.split()) for part in text.split("\n\n"))
    return attacker.removeprefix("Attacker: "), zinc.removeprefix("Zinc: ")


def weakening(row: str) -> str:
    """The lines that the patch changes, under the name of their file."""
    lines = (PATCHES / f"{row}.patch").read_text().splitlines()
    changes = [line for line in lines if line[:1] in "+-" and not line.startswith("---")]
    shown = [f"# {line[6:]}" if line.startswith("+++") else line for line in changes]
    return "\n".join(shown)


if __name__ == "__main__":
    sys.exit(keep({TARGET: page()}, "python -m tests.attacks.page"))
