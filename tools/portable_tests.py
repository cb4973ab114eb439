"""Runs tests/portable under MicroPython; `--compare` says whether pytest ran as many of them under CPython."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.micropython import interpreter

ROOT = Path(__file__).parent.parent
COUNTS = {runtime: ROOT / "build" / f"portable-tests.{runtime}" for runtime in ("micropython", "cpython")}


def run() -> int:
    """Run them all in one process; the count goes to a file for `compare`."""
    micropython = interpreter()
    if micropython is None:
        print("no MicroPython wheel for this machine: portable tests run on CPython only")
        return 0
    runner = ["-X", "heapsize=8M", "tests/portable/run.py", *sorted(str(p) for p in portable_files())]
    done = subprocess.run([micropython, *runner], cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)
    print(done.stdout + done.stderr, end="")
    passed = [line for line in done.stdout.splitlines() if line.startswith("passed ")]
    if done.returncode == 0 and passed:
        COUNTS["micropython"].parent.mkdir(exist_ok=True)
        COUNTS["micropython"].write_text(passed[-1].split()[1])
    return done.returncode


def portable_files() -> list[Path]:
    return [path.relative_to(ROOT) for path in (ROOT / "tests" / "portable").glob("test_*.py")]


def compare() -> int:
    """Print the counts per runtime; 1 when they differ."""
    counts = {runtime: int(path.read_text()) if path.exists() else 0 for runtime, path in COUNTS.items()}
    print("portable tests:", ", ".join(f"{count} on {runtime}" for runtime, count in counts.items()))
    if interpreter() is None:
        return 0
    return 0 if counts["micropython"] == counts["cpython"] > 0 else 1


if __name__ == "__main__":
    sys.exit(compare() if "--compare" in sys.argv else run())
