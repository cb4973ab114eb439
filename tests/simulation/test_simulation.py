"""A short run of the simulation, and that it replays to the byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.simulation.simulate import DEADLINE_S, ROOT, simulate

LAST_LINE = r"seeds (\d+) sales (\d+) lost (\d+) double (\d+) orphan (\d+)"


def test_without_faults_all_is_well() -> None:
    status, said = simulate("--seeds", "12", "--faults", "none")
    found = re.fullmatch(LAST_LINE, said.splitlines()[-1])
    assert found
    assert (found[1], found[3], found[4], found[5]) == ("12", "0", "0", "0")
    assert int(found[2]) > 100
    assert status == 0


def test_a_story_replays_to_the_byte() -> None:
    """In another process, in other company, with another seed of Python's own hashes."""
    _, said = simulate("--seeds", "2", "--first-seed", "20", "--tell", hash_seed="1")
    _, again = simulate("--seeds", "3", "--first-seed", "20", "--tell", "--workers", "1", hash_seed="99")
    assert "  fault  " in said
    assert len(re.findall("^seed [0-9]+ [0-9a-f]{64}$", said, re.MULTILINE)) == 2
    assert again.startswith(said.rpartition("seeds ")[0])


def clean(*options: str) -> int:
    """The story is told well, of so many sales."""
    status, said = simulate("--workers", "1", *options)
    found = re.fullmatch(LAST_LINE, said.splitlines()[-1])
    assert found and found.groups()[2:] == ("0", "0", "0"), said
    assert status == 0
    return int(found[2])


@pytest.mark.covers("faults/R-13")
def test_wrong_clocks_lose_nothing() -> None:
    """Set back and forward by two days, begun anew; nights on which clocks change, 29 February."""
    assert clean("--seeds", "6", "--faults", "clock") > 50


@pytest.mark.covers("faults/R-10")
def test_a_queue_that_leaves_while_it_grows_is_taken_once() -> None:
    """A sample: `zinc simulate --story drain --seeds 10000` has as many interleavings."""
    assert clean("--story", "drain", "--seeds", "8") == 48


@pytest.mark.covers("faults/R-20")
def test_a_busy_shop_runs_on_and_its_reader_holds_no_more_than_before() -> None:
    """Two short days: `zinc simulate --story soak` is a month."""
    status, said = simulate("--story", "soak", "--days", "2", "--sales-a-day", "12", "--seeds", "1")
    heaps = json.loads(re.search(r"night after night: (\[.*\])", said)[1])  # pyright: ignore[reportOptionalSubscript]
    assert status == 0, said
    assert len(heaps) == 2 and heaps[1] < 1.1 * heaps[0]


@pytest.mark.covers("faults/R-01", "faults/R-12")
def test_a_cancellation_survives_each_write_torn_and_each_power_cut() -> None:
    """A sample: `zinc simulate --exhaustive all` has every fault at every place of eleven scenarios."""
    status, said = simulate("--exhaustive", "cancellation", "--faults", "flash,power", "--workers", "1")
    assert re.search(r"cancellation: (\d+) writes, \d+ faults: lost 0 double 0 orphan 0", said)
    assert status == 0


def test_a_story_that_does_not_end_is_a_failure() -> None:
    command = [sys.executable, "-m", "tests.simulation.endless"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    assert said.stdout.strip() == "[(0, 'does not end')]"


def test_an_unknown_fault_is_refused() -> None:
    status, _ = simulate("--faults", "weather")
    assert status != 0
