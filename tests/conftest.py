"""What every test run shares; and the count of portable tests, for tools.portable_tests to compare."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.portable import modules

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "boards" / "emulator" / "cpython"))  # cryptolib, framebuf: MicroPython's own modules

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def modules_as_they_were() -> Iterator[None]:
    before = modules.loaded()
    yield
    modules.restore(before)


@pytest.fixture(autouse=True)
def nothing_of_before_is_collected() -> Iterator[None]:
    """The firmware collects garbage at each sale, as is right on a reader; here it would look at all that other tests
    have loaded, and take ten times as long."""
    gc.freeze()
    yield
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [r.nodeid for r in terminalreporter.stats.get("skipped", []) if "needs_apt" in r.keywords]
    if left_out:
        terminalreporter.line(f"left out, for want of parts that only the system brings: {len(left_out)} tests")
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    portable = [nodeid for nodeid in passed if nodeid.startswith("tests/portable/")]
    path = ROOT / "build" / "portable-tests.cpython"
    path.parent.mkdir(exist_ok=True)
    path.write_text(str(len(portable)))
