"""The check twin of every generator: stale is said and nothing is written; without `--check` it is written anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.generated import keep


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(sys, "argv", ["generator"])
    return sys.argv


def test_stale_is_said_and_not_written(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    fresh, stale, missing = (tmp_path / name for name in ("fresh.md", "stale.md", "missing.md"))
    fresh.write_text("é")
    stale.write_text("of yesterday")
    files = {fresh: "é", stale: "of today", missing: b"\x00"}
    arguments.append("--check")
    assert keep(files, "make pages") == 1
    assert capsys.readouterr().err == "stale: stale.md, missing.md: run `make pages`\n"
    assert stale.read_text() == "of yesterday" and not missing.exists()
    arguments.remove("--check")
    assert keep(files, "make pages") == 0
    assert (stale.read_text(), missing.read_bytes()) == ("of today", b"\x00")
    arguments.append("--check")
    assert keep(files, "make pages") == 0


def test_a_folder_that_is_not_there_is_made(tmp_path: Path, arguments: list[str]) -> None:
    assert keep({tmp_path / "new" / "page.md": "x"}, "make pages") == 0
    assert (tmp_path / "new" / "page.md").read_text() == "x"
