"""`python -m tools.replay` as a program: its lines, its JSON, its exit code, on both runtimes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cards import write
from tools.micropython import interpreter

ROOT = Path(__file__).resolve().parent.parent.parent
CARDS = Path("tests/cards")
CONTACT = str(CARDS / "contact_mchip_arqc_then_declined.json")
TAP = str(CARDS / "contactless_mchip_cda_offline_approved.json")

both_runtimes = pytest.mark.parametrize("runtime", ["cpython", "micropython"] if interpreter() else ["cpython"])


def replay(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tools.replay", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@both_runtimes
def test_what_passes(runtime: str) -> None:
    done = replay(CONTACT, "--runtime", runtime)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"pass {CONTACT}\n", "")


@both_runtimes
def test_what_needs_a_kernel_that_is_not_there(runtime: str, tmp_path: Path) -> None:
    file = json.loads((ROOT / TAP).read_text())
    file["terminal"]["applications"][0]["kernel"] = 99
    unknown = tmp_path / "unknown.json"
    unknown.write_text(json.dumps(file))
    done = replay(TAP, str(unknown), "--runtime", runtime)
    assert done.returncode == 1
    assert done.stdout == f"pass {TAP}\nfail {unknown}: kernel 99 not known\n"


@both_runtimes
def test_json(runtime: str) -> None:
    file = json.loads((ROOT / CONTACT).read_text())
    done = replay(CONTACT, "--runtime", runtime, "--json")
    result = json.loads(done.stdout)
    assert set(result) == {"file", "passed", "why", "got", "commands"}
    assert (result["file"], result["passed"], result["why"]) == (CONTACT, True, None)
    assert result["commands"] == [row[0] for row in file["exchange"]]
    expected = {key: value for key, value in file["expect"].items() if key != "commands"}
    assert {key: result["got"][key] for key in expected} == expected


@both_runtimes
def test_what_is_no_transcript(runtime: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    incomplete = tmp_path / "incomplete.json"
    incomplete.write_text('{"interface": "contact"}')
    done = replay(str(broken), str(incomplete), str(tmp_path / "absent.json"), "--runtime", runtime)
    assert done.returncode == 1
    assert [line.split(":")[1].strip() for line in done.stdout.splitlines()] == ["not a transcript"] * 3


def test_cards_are_as_they_were_written() -> None:
    for scenario in write.ALL:
        path = write.FOLDER / f"{scenario.name}.json"
        assert path.read_text(encoding="utf-8") == write.text(write.record(scenario)), scenario.name


@pytest.mark.skipif(interpreter() is None, reason="no MicroPython wheel for this machine")
def test_both_runtimes_give_the_same_bytes() -> None:
    """What came out and which commands were sent, of every transcript."""
    files = [str(path.relative_to(ROOT)) for path in sorted((ROOT / CARDS).glob("*.json"))]
    cpython, micropython = (replay(*files, "--json", "--runtime", name).stdout for name in ("cpython", "micropython"))
    assert cpython.count("\n") == len(files)
    assert cpython == micropython


@both_runtimes
def test_keys_that_nobody_reads_are_named(runtime: str, tmp_path: Path) -> None:
    file = json.loads((ROOT / CONTACT).read_text())
    file["terminal"]["flor_limit"] = 1
    file["colour"] = "blue"
    path = tmp_path / "misspelt.json"
    path.write_text(json.dumps(file))
    done = replay(str(path), "--runtime", runtime)
    assert (done.returncode, done.stdout) == (0, f"pass {path}: left alone: colour, terminal.flor_limit\n")
    file["expect"]["tvr_frist"] = "0000000000"
    path.write_text(json.dumps(file))
    done = replay(str(path), "--runtime", runtime)
    assert (done.returncode, done.stdout) == (1, f"fail {path}: expect.tvr_frist is not a key of the format\n")
