"""The journal on LittleFS as MicroPython has it (littlefs_days.py): cut and torn at each operation, full, rotten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.micropython import interpreter

ROOT = Path(__file__).parent.parent.parent
TEARS = 5


def cases(*words: str) -> int:
    micropython = interpreter()
    if micropython is None:
        pytest.skip("no MicroPython on this machine")
    command = [micropython, "-X", "heapsize=16M", "tests/device/littlefs_days.py", *words]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.splitlines()[-1].removeprefix("cases "))


@pytest.mark.covers("faults/LFS-1", "faults/LFS-2", "faults/LFS-3", "faults/LFS-4", "faults/LFS-5", "faults/LFS-6")
@pytest.mark.covers("faults/R-01", "terminal/T-R22")
@pytest.mark.parametrize("what", ["payments", "changes", "evening"])
def test_the_flash_is_cut_at_each_of_its_operations(what: str) -> None:
    operations = cases("count", what)
    assert operations > 5
    assert cases("cuts", what, "1", str(operations + 1)) == operations * TEARS


@pytest.mark.covers("faults/R-12")
def test_a_payment_that_begins_on_a_full_flash_ends() -> None:
    assert cases("full") == 96


@pytest.mark.covers("faults/R-12")
@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_bit_of_each_block_is_never_lost_in_silence(seed: str) -> None:
    assert cases("rot", seed) == 48 * 20
