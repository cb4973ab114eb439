"""The simulation bites: each mutant of the product is found, on the seed that is written down in docs/mutants.md."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulation.mutants.__main__ import TARGET, page, recorded
from tests.simulation.mutants.mutant import Mutant, applied, copied, mutants, search
from tools.simulation.faults import FAMILIES

FEWEST = 20
WORKERS = 2
NEARBY = 10  # a change elsewhere may make another story of a seed: these are tried after it


@pytest.mark.timeout(600)  # a minute; on a busy machine more
def test_each_mutant_is_found() -> None:
    """Two at a time, each on a copy of the tree."""
    everyone = mutants()
    with ThreadPoolExecutor(WORKERS) as pool:
        missed = pool.map(_missed, [everyone[first::WORKERS] for first in range(WORKERS)])
    assert [name for names in missed for name in names] == []


def _missed(some: list[Mutant]) -> list[str]:
    found = recorded()
    missed = []
    with copied() as tree:
        for mutant in some:
            seed = found[mutant.name].seed
            with applied(mutant, tree):
                if search(tree, range(seed, seed + NEARBY)) is None:
                    missed.append(mutant.name)
    return missed


def test_every_invariant_and_every_family_of_faults_has_one() -> None:
    assert len(mutants()) >= FEWEST
    assert {mutant.invariant for mutant in mutants()} == {f"I{number}" for number in range(1, 8)}
    assert {mutant.family for mutant in mutants()} == set(FAMILIES)


def test_the_page_tells_what_was_found() -> None:
    assert TARGET.read_text() == page()
