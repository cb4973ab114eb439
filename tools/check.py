"""`make test`: every check of the project, one after the other, with what each took; all run even when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
STDLIB_OF_MICROPYTHON = sysconfig.get_path("purelib")  # its stubs have a folder of that name there
MICROPYTHON_STUBS = ("--pythonpath", PYTHON, "--typeshedpath", STDLIB_OF_MICROPYTHON)
PROCESSES = str(min(2 * (os.cpu_count() or 1), 8))  # half of what a test takes it waits for readers and browsers

STEPS: list[tuple[str, list[str]]] = [
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("types", [str(BIN / "basedpyright"), "--warnings"]),
    ("types of the boards", [str(BIN / "basedpyright"), "--warnings", "-p", "boards", *MICROPYTHON_STUBS]),
    ("walls", [str(BIN / "lint-imports")]),
    ("generated: messages", [PYTHON, "-m", "tools.generate_messages", "--check"]),
    ("generated: tags and rules", [PYTHON, "-m", "tools.generate_tags", "--check"]),
    ("generated: font", [PYTHON, "-m", "tools.generate_font", "--check"]),
    ("generated: pictures of the states", [PYTHON, "-m", "tools.draw_states", "--check"]),
    ("generated: page of the profile", [PYTHON, "-m", "tools.generate_profile_page", "--check"]),
    ("generated: table of conformance", [PYTHON, "-m", "tests.conformance.page", "--check"]),
    ("generated: page of the attacks", [PYTHON, "-m", "tests.attacks.page", "--check"]),
    ("generated: coverage map", [PYTHON, "-m", "tools.coverage_map", "--check"]),
    ("firmware compiles for the ESP32", [PYTHON, "-m", "tools.build_firmware", "--board", "esp32_s3"]),
    ("portable tests on micropython", [PYTHON, "-m", "tools.portable_tests"]),
    ("tests on cpython", [PYTHON, "-m", "pytest", "-n", PROCESSES, "--dist", "worksteal"]),
    ("portable tests: same count on both", [PYTHON, "-m", "tools.portable_tests", "--compare"]),
]


def run(name: str, command: list[str]) -> tuple[bool, float]:
    """Run one check; its output goes to the screen."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(ROOT / "build" / "pycache"), PYTHONDONTWRITEBYTECODE="")
    ok = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, env=environment).returncode == 0
    return ok, time.monotonic() - started


def main() -> int:
    results = [(name, *run(name, command)) for name, command in STEPS]
    print("== summary")
    for name, ok, seconds in results:
        print(f"{'ok    ' if ok else 'FAILED'} {seconds:6.1f} s  {name}")
    return 0 if all(ok for _, ok, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
