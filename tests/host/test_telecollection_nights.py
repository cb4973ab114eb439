"""Some nights of tests/host/nights.py, among them days of 23 and of 25 hours and the ends of years and of February; a
thousand are a command of its own (docs/telecollection.md)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.host.nights import Nights, check

COUNT = 10  # of each
STARTS = (
    datetime(2026, 3, 24, 12, 0, tzinfo=UTC),
    datetime(2026, 10, 20, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 27, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 24, 12, 0, tzinfo=UTC),
)


@pytest.mark.covers("faults/R-09", "services/TC-2", "faults/I2", "faults/I3")
@pytest.mark.parametrize("seed", range(len(STARTS)))
def test_after_nights_of_faults_nothing_is_lost_and_nothing_is_double(tmp_path: Path, seed: int) -> None:
    nights = Nights(tmp_path, seed, STARTS[seed])
    asyncio.run(nights.run(COUNT))
    check(nights)
    nights.bench.close()
