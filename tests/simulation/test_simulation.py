"""A short run of the simulation, and that it replays to the byte."""

from __future__ import annotations

import re

from tests.simulation.simulate import simulate

LAST_LINE = r"seeds (\d+) sales (\d+) lost (\d+) double (\d+) orphan (\d+)"


def test_without_faults_all_is_well() -> None:
    status, said = simulate("--seeds", "40", "--faults", "none")
    found = re.fullmatch(LAST_LINE, said.splitlines()[-1])
    assert found
    assert (found[1], found[3], found[4], found[5]) == ("40", "0", "0", "0")
    assert int(found[2]) > 100
    assert status == 0


def test_a_story_replays_to_the_byte() -> None:
    """In another process, in other company, with another seed of Python's own hashes."""
    _, said = simulate("--seeds", "6", "--first-seed", "20", "--tell", hash_seed="1")
    _, again = simulate("--seeds", "9", "--first-seed", "20", "--tell", "--workers", "1", hash_seed="99")
    assert "  fault  " in said
    assert len(re.findall("^seed [0-9]+ [0-9a-f]{64}$", said, re.MULTILINE)) == 6
    assert again.startswith(said.rpartition("seeds ")[0])


def test_an_unknown_fault_is_refused() -> None:
    status, _ = simulate("--faults", "weather")
    assert status != 0
