"""`zinc profile check`: every fault of a file at once, and those that JSON readers pass over."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tools.profiles import FRANCE
from tools.zinc import app


def checked(path: Path | str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["profile", "check", str(path)])
    return result.exit_code, result.output


def written(folder: Path, find: str, replace: str) -> Path:
    text = Path(FRANCE).read_text()
    assert find in text
    path = folder / "profile.json"
    path.write_text(text.replace(find, replace))
    return path


def test_france_is_ok() -> None:
    assert checked(FRANCE) == (0, "ok\n")


def test_each_fault_is_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, '"EC00000000"', '"EC000000", "cvm_limit": 50')
    code, output = checked(path)
    assert code == 1
    assert "groups.chip.cvm_limit: no such field\n" in output
    assert "groups.chip.tac_denial: 5 bytes in hex wanted, got 4\n" in output


def test_a_field_that_is_there_twice(tmp_path: Path) -> None:
    path = written(tmp_path, '"country": 250,', '"country": 250, "country": 56,')
    assert checked(path) == (1, "country: is there twice in one object\n")


def test_what_is_not_json(tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, "{", "{{"))
    assert code == 1
    assert output.startswith("not JSON: ")


def test_no_file(tmp_path: Path) -> None:
    assert checked(tmp_path / "none.json")[0] == 2
