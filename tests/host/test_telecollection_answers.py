"""What the acquirer says, or does not say, and what becomes of a remittance by it (services/TC-1, TC-7)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from host.acquirer.errors import (
    AcquirerError,
    AcquirerSilent,
    AcquirerUnreachable,
    BadAnswer,
    ConnectionCut,
    RequestRefused,
)
from host.acquirer.model import BatchAnswer, RejectedLine
from host.telecollection.errors import NotRejected
from host.telecollection.states import DayState, LineState, State
from tests.host.telecollection_bench import CONTRACT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


@pytest.mark.covers("services/TC-7", "faults/R-09")
@pytest.mark.parametrize("effect", ["before", "after"])
@pytest.mark.parametrize("error", [AcquirerSilent("10 s"), ConnectionCut("cut"), BadAnswer("500")])
def test_without_an_answer_the_very_same_file_goes_again(bench: Bench, error: AcquirerError, effect: str) -> None:
    async def story() -> None:
        sold = bench.sale()
        getattr(bench.acquirer, effect).extend([error, error])
        remittance = await bench.evening()
        assert (remittance.state, remittance.attempts) == (State.UNKNOWN, 1)
        assert bench.alerts() == {"not_answered": 1}
        assert not bench.reader.acknowledged
        assert not bench.service.overview.ticket(remittance.id).success
        await bench.at(bench.clock.moment + timedelta(minutes=5))
        answered = bench.latest()
        assert (answered.id, answered.state, answered.attempts) == (remittance.id, State.ACKED, 3)
        assert [len(files) for files in bench.acquirer.files.values()] == [1]
        assert bench.acquirer.captured == {sold: 1250}
        assert bench.reader.acknowledged == [1]
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("services/T-9", "faults/R-09")
def test_tries_come_with_a_back_off_until_the_next_cut_off_and_go_on_there(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        tried: list[datetime] = []
        submit = bench.acquirer.submit

        async def counted(path: Path) -> BatchAnswer:
            tried.append(bench.clock.moment)
            return await submit(path)

        bench.acquirer.submit = counted
        bench.acquirer.down = True
        await bench.evening()
        await bench.at(bench.clock.moment + timedelta(hours=23))
        pauses = [int((after - before).total_seconds() // 60) for before, after in pairwise(tried)]
        assert pauses[:6] == [1, 2, 4, 8, 16, 30]
        assert set(pauses[6:]) == {30}

    asyncio.run(story())


@pytest.mark.covers("services/T-9", "faults/R-09")
def test_five_nights_fail_and_all_goes_when_it_works_again(bench: Bench) -> None:
    async def story() -> None:
        bench.acquirer.down = True
        sold = set()
        for night in range(1, 6):
            sold.add(bench.sale(night))
            await bench.next_evening()
            assert bench.alerts() == {"not_answered": night}
        assert not bench.acquirer.captured and not bench.reader.acknowledged
        bench.acquirer.down = False
        sold.add(bench.sale(6))
        await bench.evening()
        assert {remittance.state for remittance in bench.history()} == {State.ACKED}
        assert set(bench.acquirer.captured) == sold
        assert bench.reader.acknowledged == [1, 2, 3, 4, 5, 6]
        assert not bench.alerts()

    asyncio.run(story())


def test_what_keeps_it_from_the_acquirer_is_named(bench: Bench) -> None:
    async def story() -> None:
        bench.acquirer.before = [AcquirerUnreachable("certificate has expired"), RequestRefused("403")]
        bench.sale()
        remittance = await bench.evening()
        assert remittance.why == "AcquirerUnreachable certificate has expired"
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert alert.detail == remittance.why
        await bench.at(bench.clock.moment + timedelta(minutes=2))
        assert bench.latest().why == "RequestRefused 403"  # it may have taken it before: the lines are not free
        assert bench.latest().state is State.UNKNOWN
        assert (await bench.evening()).state is State.ACKED

    asyncio.run(story())


@pytest.mark.covers("services/TC-1")
def test_a_rejected_line_is_listed_and_goes_again_under_its_own_id(bench: Bench) -> None:
    async def story() -> None:
        good, bad = bench.sale(1000), bench.sale(300)
        bench.acquirer.rejects[bad] = "card_expired"
        remittance = await bench.evening()
        assert (remittance.state, remittance.net_minor) == (State.PARTLY_REJECTED, 1000)
        assert remittance.reconciled_at and bench.reader.acknowledged == [1]
        assert bench.alerts() == {"rejected": 1}
        (rejected,) = bench.service.overview.rejected(CONTRACT)
        assert (rejected.line.transaction_id, rejected.line.reason) == (bad, "card_expired")
        with pytest.raises(NotRejected):
            bench.service.present_again(good)
        bench.service.present_again(bad)
        assert not bench.service.overview.rejected(CONTRACT) and not bench.alerts()
        with pytest.raises(NotRejected):
            bench.service.present_again(bad)
        del bench.acquirer.rejects[bad]
        again = await bench.evening()
        assert (again.state, again.count, again.net_minor) == (State.ACKED, 1, 300)
        assert bench.acquirer.captured == {good: 1000, bad: 300}
        with pytest.raises(NotRejected):
            bench.service.present_again(bad)

    asyncio.run(story())


def test_rejected_twice_it_can_go_a_third_time(bench: Bench) -> None:
    async def story() -> None:
        bad = bench.sale(300)
        bench.acquirer.rejects[bad] = "card_expired"
        for _ in range(2):
            assert (await bench.evening()).state is State.REJECTED
            assert len(bench.service.overview.rejected(CONTRACT)) == 1
            bench.service.present_again(bad)
        bench.acquirer.rejects.clear()
        await bench.evening()
        assert bench.acquirer.captured == {bad: 300}

    asyncio.run(story())


def test_a_refused_day_is_not_acknowledged_and_goes_again_when_told(bench: Bench) -> None:
    async def story() -> None:
        sold = bench.sale()
        bench.acquirer.refuses["ZINC-0001"] = "seal_broken"
        remittance = await bench.evening()
        assert remittance.state is State.REJECTED
        (day,) = bench.service.overview.refused_days(CONTRACT)
        assert (day.number, day.state, day.why) == (1, DayState.REFUSED, "seal_broken")
        assert bench.alerts() == {"day_refused": 1}
        assert not bench.service.overview.rejected(CONTRACT)  # it goes whole,
        with pytest.raises(NotRejected):
            bench.service.present_again(sold)  # or the days after it would wait for ever
        assert not bench.reader.acknowledged
        bench.acquirer.refuses.clear()
        await bench.evening()
        assert not bench.acquirer.captured
        bench.service.present_day_again("ZINC-0001", 1)
        assert not bench.alerts()
        with pytest.raises(NotRejected):
            bench.service.present_day_again("ZINC-0001", 1)
        await bench.evening()
        assert set(bench.acquirer.captured) == {sold}
        assert 1 in bench.reader.acknowledged

    asyncio.run(story())


def test_an_empty_day_that_is_refused_is_told_since_others_wait_for_it(bench: Bench) -> None:
    async def story() -> None:
        bench.acquirer.refuses["ZINC-0001"] = "not_now"
        await bench.evening()
        assert bench.alerts() == {"day_refused": 1}
        bench.acquirer.refuses.clear()
        sold = bench.sale()
        await bench.evening()
        assert not bench.acquirer.captured
        bench.service.present_day_again("ZINC-0001", 1)
        await bench.evening()
        assert set(bench.acquirer.captured) == {sold}

    asyncio.run(story())


@pytest.mark.parametrize("reason", ["contract_unknown", "contract_closed"])
def test_a_contract_that_is_unknown_or_closed_piles_days_up_until_it_is_known(bench: Bench, reason: str) -> None:
    async def story() -> None:
        bench.acquirer.refuses["*"] = reason
        sold = set()
        for night in range(1, 4):
            sold.add(bench.sale(night))
            remittance = await bench.evening()
            assert (remittance.state, remittance.count) == (State.REJECTED, night)
            assert bench.alerts() == {"contract_refused": night}
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert alert.detail == reason
        bench.acquirer.refuses.clear()
        assert (await bench.evening()).count == 3
        assert set(bench.acquirer.captured) == sold
        assert bench.reader.acknowledged == [1, 2, 3, 4]
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("services/TC-1")
def test_totals_that_differ_keep_the_day_in_the_reader(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.acquirer.off_minor = 1
        remittance = await bench.evening()
        assert remittance.state is State.OUT_OF_BALANCE
        assert bench.alerts() == {"out_of_balance": 1}
        assert not bench.reader.acknowledged
        assert not bench.service.overview.ticket(remittance.id).success
        bench.acquirer.off_minor = 0
        await bench.evening()
        first = bench.history()[0]
        assert (first.state, bool(first.reconciled_at)) == (State.ACKED, True)
        assert bench.reader.acknowledged == [1, 2]
        assert not bench.alerts()

    asyncio.run(story())


def test_an_unanswered_comparison_is_asked_again_and_nothing_acknowledged_before(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.acquirer.silent_010 = 1
        remittance = await bench.evening()
        assert (remittance.state, remittance.reconciled_at) == (State.ACKED, None)
        assert not bench.reader.acknowledged
        await bench.at(bench.clock.moment + timedelta(minutes=3))
        assert bench.latest().reconciled_at
        assert bench.reader.acknowledged == [1]

    asyncio.run(story())


@pytest.mark.covers("services/TC-7")
@pytest.mark.parametrize("wrong", ["exchange", "count", "line", "data_set"])
def test_an_answer_to_something_else_is_none(bench: Bench, wrong: str) -> None:
    async def story() -> None:
        bench.sale()
        submit = bench.acquirer.submit

        async def other(path: Path) -> BatchAnswer:
            answer = await submit(path)
            return {
                "exchange": BatchAnswer(answer.exchange_id + 1, 1),
                "count": BatchAnswer(answer.exchange_id, 2),
                "line": BatchAnswer(answer.exchange_id, 0, (RejectedLine(bytes(16), "why"),)),
                "data_set": BatchAnswer(answer.exchange_id, 1, (), (("ZINC-0009-1", "why"),)),
            }[wrong]

        bench.acquirer.submit = other
        remittance = await bench.evening()
        assert remittance.state is State.UNKNOWN
        assert {line.state for line in bench.service.overview.lines(remittance.id)} == {LineState.PENDING}
        bench.acquirer.submit = submit
        await bench.at(bench.clock.moment + timedelta(minutes=2))
        assert bench.latest().state is State.ACKED

    asyncio.run(story())


def test_what_follows_a_day_that_was_refused_waits_and_goes_with_it(bench: Bench) -> None:
    """The acquirer takes a reader's seals in their order."""

    async def story() -> None:
        first = bench.sale(1)
        bench.acquirer.refuses["ZINC-0001"] = "seal_mac"
        await bench.evening()
        bench.acquirer.refuses.clear()
        second = bench.sale(2)
        assert (await bench.evening()).count == 0
        bench.service.present_day_again("ZINC-0001", 1)
        assert (await bench.evening()).count == 2
        assert set(bench.acquirer.captured) == {first, second}
        assert bench.reader.acknowledged == [1, 2, 3]

    asyncio.run(story())


def test_days_that_piled_up_leave_in_their_order_at_the_first_answer(bench: Bench) -> None:
    async def story() -> None:
        bench.acquirer.down = True
        for night in range(1, 4):
            bench.sale(night)
            await bench.next_evening()
        assert [row.attempts > 0 for row in bench.history()] == [True, False, False]
        bench.acquirer.down = False
        await bench.at(bench.clock.moment + timedelta(minutes=31))
        assert {row.state for row in bench.history()} == {State.ACKED}
        assert bench.reader.acknowledged == [1, 2, 3]

    asyncio.run(story())
