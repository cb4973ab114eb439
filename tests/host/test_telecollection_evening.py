"""An evening of telecollection: readers close their day, the acquirer takes it, each hears of it (services/T-9, TC)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from host.telecollection.states import DayState, State
from tests.host.telecollection_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, readers=2)
    yield bench
    bench.close()


@pytest.mark.covers("services/T-9", "services/TC-1", "terminal/T-R25")
def test_every_evening_the_days_of_all_readers_go_as_one_remittance(bench: Bench) -> None:
    async def story() -> None:
        first = bench.sale(1000)
        second = bench.sale(250, reader="ZINC-0002")
        remittance = await bench.evening()
        assert remittance.due_at == datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
        assert (remittance.state, remittance.business_date, remittance.sequence) == (State.ACKED, date(2026, 11, 20), 1)
        assert (remittance.count, remittance.net_minor, remittance.reconciled_at) == (2, 1250, remittance.due_at)
        assert bench.acquirer.captured == {first: 1000, second: 250}
        assert [reader.acknowledged for reader in bench.all.values()] == [[1], [1]]
        assert not bench.alerts()
        third = bench.sale(99)
        again = await bench.evening()
        assert (again.business_date, again.count) == (date(2026, 11, 21), 1)
        assert third in bench.acquirer.captured
        with bench.store.transaction() as work:
            assert {day.state for day in bench.store.days.of_reader(work, "ZINC-0001")} == {DayState.ACKNOWLEDGED}

    asyncio.run(story())
