"""The simulation bites: a mutant of each invariant is found, on the seed that is written down in docs/mutants.md."""

from __future__ import annotations

import pytest

from tests.simulation.mutants.__main__ import TARGET, missed, page
from tests.simulation.mutants.mutant import Mutant, applied, copied, mutants
from tools.simulation.faults import FAMILIES

FEWEST = 20


def first_of_each_invariant() -> list[Mutant]:
    """`python -m tests.simulation.mutants --check` takes them all."""
    return list({mutant.invariant: mutant for mutant in reversed(mutants())}.values())


@pytest.mark.timeout(600)  # half a minute; on a busy machine more
def test_a_mutant_of_each_invariant_is_found() -> None:
    assert missed(first_of_each_invariant()) == []


def test_every_patch_applies() -> None:
    with copied() as tree:
        for mutant in mutants():
            with applied(mutant, tree):
                pass


def test_every_invariant_and_every_family_of_faults_has_one() -> None:
    assert len(mutants()) >= FEWEST
    assert {mutant.invariant for mutant in mutants()} == {f"I{number}" for number in range(1, 8)}
    assert {mutant.family for mutant in mutants()} == set(FAMILIES)


def test_the_page_tells_what_was_found() -> None:
    assert TARGET.read_text() == page()
