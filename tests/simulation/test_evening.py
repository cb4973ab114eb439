"""Two days of the shipped reader under the shipped telecollection: each party says the same, and the reader lets go."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.simulation.simulate import DEADLINE_S, ROOT


@pytest.fixture(scope="module")
def told() -> dict:
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
    command = [sys.executable, "-m", "tests.simulation.evening"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, timeout=DEADLINE_S, check=True)
    return json.loads(done.stdout)


@pytest.mark.covers("terminal/T-R24")
def test_reader_ledger_batch_and_acquirer_say_the_same(told: dict) -> None:
    lines = ["cb +3 4250 -1 600", "visa +1 2300 -0 0"]
    assert told["sealed"] == told["booked"] == told["taken"] == lines
    assert told["captured"] == [[600, 1], [1250, 1], [1300, 1], [1700, 1], [2300, 1]]
    assert (told["cancelled"], told["clean"], told["alerts"]) == (1, True, [])


@pytest.mark.covers("services/T-9", "services/TC-1", "terminal/T-R25")
def test_each_day_is_acknowledged_and_what_is_paid_is_in_the_bank(told: dict) -> None:
    assert told["remittances"] == [["funded", 3, 2950, True], ["funded", 2, 3000, True]]
    assert told["days"] == ["acknowledged", "acknowledged"]
    assert told["balances"] == {"bank": 5950, "sales": -5950}


def test_a_day_that_the_acquirer_has_is_purged_but_for_its_end(told: dict) -> None:
    assert told["in the reader"] == ["not_found", "not_found", "result", "result", "result"]


@pytest.mark.covers("terminal/T-R26")
def test_signed_parameters_are_applied_and_the_next_cut_off_follows_them(told: dict) -> None:
    assert (told["parameters"], told["cut_off"]) == (2, "21:45")
