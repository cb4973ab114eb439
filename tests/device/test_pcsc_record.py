"""`zinc record` with a card in pcscd's virtual reader: T=0 and T=1, redacted and signed anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.support import pcsc_daemon
from tests.support.leak import pan_traces
from tools.record.command import record
from tools.record.terminal import Wanted
from tools.replay import runner
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

pytestmark = [
    pytest.mark.needs_apt("pcscd"),
    pytest.mark.skipif(bool(pcsc_daemon.missing()), reason=pcsc_daemon.missing()),
]
CLOCK = datetime(2026, 11, 21, 14, 5, 9)


@pytest.fixture(scope="module", autouse=True)
def daemon() -> Iterator[None]:
    with pcsc_daemon.pcscd():
        yield


@pytest.mark.parametrize("resign", [False, True], ids=["redacted", "resigned"])
@pytest.mark.parametrize("t0", [False, True], ids=["T=1", "T=0"])
def test_a_card_in_a_reader_is_written_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], t0: bool, resign: bool
) -> None:
    person = personalisation.load("visa_credit")
    out = tmp_path / "card.json"
    wanted = Wanted("contact", 1250, CLOCK, pin=person.pin, issuer="declines")
    with pcsc_daemon.inserted(SimulatedCard(person, t0)):
        assert record(out, None, pcsc_daemon.READERS[0], wanted, None, resign) == 0, capsys.readouterr().err
    file = runner.load(str(out))
    assert runner.replay("x", file)["passed"]
    assert pan_traces(out.read_bytes(), person.pan) == []
    assert all(row[2] > 0 for row in file["exchange"]), "real cards take their time"
    assert any(row[1].startswith("61") for row in file["exchange"]) is t0


def test_an_empty_reader_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = Wanted("contact", 1250, CLOCK)
    assert record(tmp_path / "card.json", None, pcsc_daemon.READERS[1], wanted, None, False) == 1
    assert "no card in the reader" in capsys.readouterr().err
