"""Writes docs/coverage.md: every row of docs/requirements with the tests that prove it, and the rows without.

A test names rows by `@pytest.mark.covers("services/B-14")`; a portable test by COVERS = {"test_name": ["..."]}.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

from tools.generated import keep

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "docs" / "requirements"
TARGET = ROOT / "docs" / "coverage.md"
REASONS = ROOT / "docs" / "requirements" / "not-by-software.toml"
ROW = re.compile(r"^\| (?P<id>[A-Z][A-Za-z0-9-]*[0-9][a-z]?) \|")


def rows() -> dict[str, list[str]]:
    """Ids by file, in the order of the file: {"attacks": ["ATT-1", ...]}."""
    found: dict[str, list[str]] = {}
    for path in sorted(REQUIREMENTS.glob("*.md")):
        ids = [match["id"] for line in path.read_text().splitlines() if (match := ROW.match(line))]
        if ids:
            found[path.stem] = ids
    return found


def covers_of(path: Path) -> dict[str, list[str]]:
    """Rows named in one test file, by test: read from the source, so that no test has to be imported."""
    covered: dict[str, list[str]] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            covered.setdefault(node.name, []).extend(row for mark in node.decorator_list for row in marked(mark))
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "COVERS" for t in node.targets):
            for test, named in ast.literal_eval(node.value).items():
                covered.setdefault(test, []).extend(named)
    return {test: named for test, named in covered.items() if named}


def marked(mark: ast.expr) -> list[str]:
    """The arguments of a `pytest.mark.covers(...)` decorator, else nothing."""
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "covers":
        return [str(argument.value) for argument in mark.args if isinstance(argument, ast.Constant)]
    return []


def tests_by_row() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for test, named in sorted(covers_of(path).items()):
            for row in named:
                found.setdefault(row, []).append(f"{path.relative_to(ROOT)}::{test}")
    return found


def page() -> str:
    tests, reasons = tests_by_row(), tomllib.loads(REASONS.read_text())
    known = {f"{file}/{row}" for file, ids in rows().items() for row in ids}
    unknown = sorted((set(tests) | set(reasons)) - known)
    if unknown:
        raise SystemExit(f"rows named that docs/requirements does not have: {', '.join(unknown)}")
    lines = ["# Requirements and the tests that prove them", "", "Written by `make coverage-map`.", ""]
    for file, ids in rows().items():
        covered = sum(f"{file}/{row}" in tests for row in ids)
        lines += [f"## {file}: {covered} of {len(ids)} rows", "", "| row | tests |", "|---|---|"]
        lines += [f"| {row} | {cell(f'{file}/{row}', tests, reasons)} |" for row in ids]
        lines += [""]
    return "\n".join(lines)


def cell(row: str, tests: dict[str, list[str]], reasons: dict[str, str]) -> str:
    if row in tests:
        return "<br>".join(f"`{test}`" for test in tests[row])
    return f"not by software: {reasons[row]}" if row in reasons else "none yet"


def main() -> int:
    return keep({TARGET: page()}, "make coverage-map")


if __name__ == "__main__":
    sys.exit(main())
