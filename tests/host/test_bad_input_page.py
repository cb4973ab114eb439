"""docs/bad-input.md tells the truth: its names have words, its tests are there, each case from end to end is told."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from host.terminal.words import WORDS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "bad-input.md").read_text()
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][1:]


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row(row: list[str]) -> None:
    _, names, proofs = row
    assert set(re.findall(r"`(\w+)`", names)) <= set(WORDS)
    cited = re.findall(r"`([\w/]+\.py)::(\w+)`", proofs)
    assert cited
    for path, test in cited:
        assert test in functions_of(ROOT / "tests" / path), test


def test_every_case_from_end_to_end_is_on_the_page() -> None:
    cases = functions_of(ROOT / "tests" / "endtoend" / "test_bad_input.py")
    assert {name for name in cases if name.startswith("test_")} <= set(re.findall(r"::(\w+)`", PAGE))
