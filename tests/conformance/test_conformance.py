"""Every case of docs/conformance.md comes to what its table says, on both runtimes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance import table
from tests.conformance.cases import ALL
from tests.conformance.table import Case
from tools.micropython import interpreter


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    result = table.run(case)
    assert table.fault(case, result) is None


def test_names_are_unique() -> None:
    names = [case.name for case in ALL]
    assert len(set(names)) == len(names) > 250


@pytest.mark.skipif(interpreter() is None, reason="no MicroPython wheel for this machine")
def test_the_same_on_micropython(tmp_path: Path) -> None:
    """One process replays what the simulated cards said. Transcripts are replayed there anyway."""
    files = []
    for number, case in enumerate(ALL):
        written = table.replayable(case, table.run(case))
        if written is not None:
            files.append(tmp_path / f"{number:03}.json")
            files[-1].write_text(json.dumps(written))
    command = [sys.executable, "-m", "tools.replay", *map(str, files), "--runtime", "micropython"]
    done = subprocess.run(command, cwd=table.ROOT, capture_output=True, text=True, timeout=100, check=False)
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("pass")] == []
    assert len(lines) == len(files)
