"""A few stories on MicroPython over the emulated radio, with the engine, and processes that are killed."""

from __future__ import annotations

import re

import pytest

from tests.simulation.simulate import simulate
from tools.micropython import interpreter

LAST_LINE = r"seeds 3 sales (\d+) lost 0 double 0 orphan 0"


@pytest.mark.skipif(interpreter() is None, reason="no MicroPython on this machine")
@pytest.mark.parametrize("faults", ["none", "all"])
def test_stories_end_on_the_radio_as_in_one_process(faults: str) -> None:
    status, said = simulate("--radio", "--seeds", "3", "--workers", "1", "--faults", faults)
    assert re.fullmatch(LAST_LINE, said.splitlines()[-1]), said
    assert status == 0, said
