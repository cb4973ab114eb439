"""An evening of telecollection: who is there closes its day, the acquirer takes it, each hears of it (services/T-9)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from host.jobs.inline import Kept
from host.telecollection.acknowledge import CUT_OFF
from host.telecollection.closing_store import Outcome
from host.telecollection.errors import UnknownContract
from host.telecollection.states import DayState, State
from host.terminal.errors import ReaderBusy
from tests.host.telecollection_bench import CONTRACT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, readers=2)
    yield bench
    bench.close()


@pytest.mark.covers("services/T-9", "services/TC-1", "terminal/T-R25")
def test_every_evening_the_days_of_all_readers_go_as_one_remittance(bench: Bench) -> None:
    async def story() -> None:
        first, second = bench.sale(1000), bench.sale(250, reader="ZINC-0002")
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


@pytest.mark.covers("services/T-9")
def test_by_hand_at_any_time_and_the_evening_takes_the_rest(bench: Bench) -> None:
    async def story() -> None:
        noon = bench.sale(1000)
        first = bench.service.remittance(await bench.service.collect_now(CONTRACT))
        assert (first.sequence, first.due_at, set(bench.acquirer.captured)) == (1, None, {noon})
        bench.sale(500)
        evening = await bench.evening()
        assert (evening.business_date, evening.sequence, evening.count) == (first.business_date, 2, 1)
        assert sum(bench.acquirer.captured.values()) == 1500

    asyncio.run(story())


@pytest.mark.covers("services/TC-2", "faults/R-09")
@pytest.mark.parametrize("where", ["connect", "close_day", "seal_lines", "acknowledge"])
def test_two_closings_at_once_make_one_remittance(bench: Bench, where: str) -> None:
    """Two tills, each with an engine of its own; the second asks while the first waits for a reader."""

    async def story() -> None:
        bench.sale()
        other, held, asked = bench.process(Kept()), asyncio.Event(), asyncio.Event()
        real = getattr(bench.reader, where)

        async def waits(*arguments: Any) -> Any:
            asked.set()
            await held.wait()
            return await real(*arguments)

        setattr(bench.reader, where, waits)
        first = asyncio.create_task(bench.service.collect_now(CONTRACT))
        await asked.wait()
        second = asyncio.create_task(other.collect_now(CONTRACT))
        for _ in range(3):
            await asyncio.sleep(0)
        held.set()
        ids = {await first, await second}
        assert sum(row.count for row in bench.history()) == 1
        assert len(ids) == len(bench.history()) == (2 if where == "acknowledge" else 1)  # then the first had left
        assert len(bench.acquirer.captured) == 1
        assert bench.reader.acknowledged == list(range(1, bench.reader.number))

    asyncio.run(story())


def test_an_empty_day_is_sealed_sent_recorded_and_acknowledged(bench: Bench) -> None:
    """So that the acquirer's chain of seals has no gap."""

    async def story() -> None:
        remittance = await bench.evening()
        assert (remittance.state, remittance.count, remittance.net_minor) == (State.ACKED, 0, 0)
        assert remittance.expected_on is None
        assert [reader.acknowledged for reader in bench.all.values()] == [[1], [1]]
        assert list(bench.acquirer.answers) == [remittance.exchange_id]

    asyncio.run(story())


def test_with_no_reader_there_is_nothing_to_send(bench: Bench) -> None:
    async def story() -> None:
        for reader in bench.all.values():
            reader.here = False
        remittance = await bench.evening()
        assert (remittance.state, remittance.count, remittance.file_hash) == (State.ACKED, 0, None)
        assert not bench.acquirer.answers and not bench.acquirer.told
        assert bench.service.overview.closed(remittance.id) == dict.fromkeys(bench.all, Outcome.ABSENT)
        assert not bench.service.overview.ticket(remittance.id).success

    asyncio.run(story())


@pytest.mark.covers("services/T-9", "faults/R-09")
def test_an_absent_readers_day_goes_in_the_next_remittance_with_an_alert_that_grows(bench: Bench) -> None:
    async def story() -> None:
        away = bench.all["ZINC-0002"]
        monday, here = bench.sale(1000, reader="ZINC-0002"), bench.sale(1)
        away.here = False
        assert (await bench.evening()).count == 1
        assert bench.alerts() == {"reader_absent": 1}
        await bench.evenings(2)
        assert bench.alerts() == {"reader_absent": 3}
        assert set(bench.acquirer.captured) == {here}
        away.here = True
        remittance = await bench.evening()
        assert (remittance.count, set(bench.acquirer.captured)) == (1, {here, monday})
        assert not bench.alerts()
        assert away.acknowledged == [1]

    asyncio.run(story())


@pytest.mark.covers("faults/R-13")
def test_a_clock_that_was_ahead_for_days_takes_no_evening_away(bench: Bench) -> None:
    async def story() -> None:
        sold = [bench.sale(1)]
        await bench.evenings(2)  # of days that have not come yet
        bench.clock.moment -= timedelta(days=2)
        for amount in (2, 3):
            sold.append(bench.sale(amount))
            bench.timers.bring_back(bench.clock.moment, {CUT_OFF: timedelta(hours=26)})
            bench.service.clock_was_ahead(bench.clock.moment)
            await bench.next_evening()
            assert set(bench.acquirer.captured) == set(sold)

    asyncio.run(story())


def test_by_hand_twice_in_an_evening_an_alert_does_not_grow(bench: Bench) -> None:
    async def story() -> None:
        bench.reader.here = False
        for _ in range(3):
            await bench.service.collect_now(CONTRACT)
        assert bench.alerts() == {"reader_absent": 1}

    asyncio.run(story())


@pytest.mark.covers("faults/R-09")
def test_a_payment_in_flight_at_the_cut_off_goes_whole_into_the_next_day(bench: Bench) -> None:
    async def story() -> None:
        before = bench.sale(1000)
        busy = [ReaderBusy({"code": "busy"})] * 2
        connect = bench.reader.connect

        async def in_mid_payment() -> dict:
            if busy:
                raise busy.pop()
            return await connect()

        bench.reader.connect = in_mid_payment
        remittance = await bench.evening()
        assert bench.pauses == [15.0, 15.0]
        assert (remittance.count, set(bench.acquirer.captured)) == (1, {before})
        late = bench.sale(77)  # approved after the seal
        assert (await bench.evening()).count == 1
        assert set(bench.acquirer.captured) == {before, late}

    asyncio.run(story())


@pytest.mark.covers("faults/R-09")
@pytest.mark.parametrize("answer", ["close_day", "seal_lines", "status"])
def test_an_answer_of_the_reader_that_is_lost_loses_no_day(bench: Bench, answer: str) -> None:
    """Sealed and not told: the reader says the same seal the next evening."""

    async def story() -> None:
        sold = bench.sale(1000, copied=False)
        bench.reader.cut[answer] = 1
        assert (await bench.evening()).count == 0
        assert bench.reader.number == 2
        assert bench.alerts() == {"reader_absent": 1}
        second = bench.sale(5)
        remittance = await bench.evening()
        assert (remittance.count, set(bench.acquirer.captured)) == (2, {sold, second})
        assert bench.reader.acknowledged == [1, 2]
        assert not bench.alerts()

    asyncio.run(story())


def test_a_missing_copy_is_asked_of_the_reader(bench: Bench) -> None:
    async def story() -> None:
        sold = bench.sale(copied=False)
        await bench.evening()
        assert set(bench.acquirer.captured) == {sold}
        assert sold in bench.captures.copies

    asyncio.run(story())


def test_a_closed_contract_is_not_collected(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        with bench.store.transaction() as work:
            bench.store.contracts.save(work, replace(bench.contract, active=False))
        await bench.at(bench.clock.moment + timedelta(days=2))
        assert not bench.history()
        with pytest.raises(UnknownContract):
            await bench.service.collect_now(CONTRACT)
        with pytest.raises(UnknownContract):
            await bench.service.collect_now("ZINC-C2")

    asyncio.run(story())


def test_a_till_that_was_off_at_the_cut_off_collects_when_it_is_on(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.clock.moment += timedelta(days=2, hours=18)  # Monday, 3 o'clock at night
        await bench.timers.run_due(bench.clock.moment)
        (remittance,) = bench.history()
        assert (remittance.business_date, remittance.count) == (date(2026, 11, 22), 1)
        assert (await bench.evening()).business_date == date(2026, 11, 23)

    asyncio.run(story())
