"""What becomes of readers: acknowledged, given parameters, lost and found, and journals that were tampered with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from host.acquirer.errors import AcquirerSilent
from host.acquirer.model import Parameters
from host.money import Money
from host.payment.errors import RefundBeyond
from host.telecollection.states import DayState, State
from host.terminal.errors import ReaderRefused
from protocol import cbor
from tests.host.telecollection_bench import CONTRACT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, readers=2)
    yield bench
    bench.close()


def parameters(version: int, hour: str = "22:00", signature: bytes = b"good", zone: str = "Europe/Paris") -> Parameters:
    document = {"version": version, "id": CONTRACT, "telecollection": {"time": hour, "zone": zone}}
    return Parameters(version, cbor.encode(document), signature)


@pytest.mark.covers("faults/R-09")
def test_an_acknowledgement_that_is_lost_is_said_again_at_the_next_connection(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.reader.cut["acknowledge"] = 1
        assert (await bench.evening()).state is State.ACKED
        with bench.store.transaction() as work:
            (day,) = bench.store.days.of_reader(work, "ZINC-0001")
        assert day.state is DayState.SEALED
        assert bench.reader.acknowledged == [1]  # it has it, and the host does not know
        await bench.service.reader_connected("ZINC-0001")
        await bench.service.reader_connected("ZINC-0001")
        with bench.store.transaction() as work:
            (day,) = bench.store.days.of_reader(work, "ZINC-0001")
        assert (day.state, day.acknowledged_at) == (DayState.ACKNOWLEDGED, bench.clock.moment)
        assert bench.reader.asked["acknowledge"] == 2

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R20", "faults/R-02")
def test_a_reader_is_asked_for_ends_that_nobody_heard_before_it_purges_them(bench: Bench) -> None:
    """Else what it would not know any more stays UNKNOWN for ever."""
    purged_before: list[list[int]] = []

    async def settle(_reader: str) -> None:
        purged_before.append(list(bench.reader.acknowledged))

    async def story() -> None:
        bench.sale()
        bench.captures.settle = settle
        assert (await bench.evening()).state is State.ACKED
        assert (purged_before[0], bench.reader.acknowledged) == ([], [1])

    asyncio.run(story())


def test_a_reader_that_went_away_hears_it_when_it_is_back(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        submit = bench.acquirer.submit

        async def goes(path: Path):
            bench.reader.here = False
            return await submit(path)

        bench.acquirer.submit = goes
        bench.acquirer.offers = [parameters(1)]
        await bench.evening()
        assert not bench.reader.acknowledged
        assert bench.all["ZINC-0002"].acknowledged == [1]
        bench.reader.here = True
        await bench.service.reader_connected("ZINC-0001")
        assert bench.reader.acknowledged == [1]
        assert bench.reader.version == 1
        assert not bench.alerts()

    asyncio.run(story())


def test_parameters_come_in_the_same_call_and_only_what_a_reader_checked_counts(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.acquirer.offers = [parameters(1, "23:30")]
        await bench.evening()
        assert [reader.version for reader in bench.all.values()] == [1, 1]
        (contract,) = bench.service.overview.contracts()
        assert (contract.parameters_version, contract.cut_off) == (1, time(23, 30))
        await bench.at(bench.clock.moment + timedelta(hours=2))
        assert [(row.business_date, row.sequence) for row in bench.history()] == [
            (date(2026, 11, 20), 1),
            (date(2026, 11, 20), 2),
        ]
        remittance = await bench.evening()
        assert (remittance.business_date, f"{remittance.due_at:%H:%M}") == (date(2026, 11, 21), "22:30")

    asyncio.run(story())


def test_parameters_that_fail_leave_the_acknowledgement_good(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.acquirer.offers = [parameters(1, "23:30", signature=b"forged")]
        await bench.evening()
        assert [reader.acknowledged for reader in bench.all.values()] == [[1], [1]]
        assert bench.alerts() == {"parameters_failed": 1}
        (contract,) = bench.service.overview.contracts()
        assert (contract.parameters_version, contract.cut_off) == (0, time(22, 0))
        bench.acquirer.offers = [parameters(2)]
        await bench.evening()
        assert not bench.alerts()

    asyncio.run(story())


def test_parameters_that_the_acquirer_does_not_give_are_an_alert(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        bench.acquirer.offers = [AcquirerSilent("10 s")]
        assert (await bench.evening()).state is State.ACKED
        assert bench.reader.acknowledged == [1]
        assert bench.alerts() == {"parameters_failed": 1}
        bench.acquirer.offers = []
        await bench.evening()
        assert not bench.alerts()

    asyncio.run(story())


def test_a_zone_that_does_not_exist_changes_nothing_of_the_hour(bench: Bench) -> None:
    async def story() -> None:
        bench.acquirer.offers = [parameters(1, "23:30", zone="Europe/Lutetia")]
        await bench.evening()
        (contract,) = bench.service.overview.contracts()
        assert (contract.parameters_version, contract.cut_off, contract.zone) == (1, time(22, 0), "Europe/Paris")

    asyncio.run(story())


# ---- with another host, or put back ----


@pytest.mark.covers("terminal/T-R25")
def test_days_that_another_host_had_are_passed_over_and_what_follows_is_collected(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(100)
        await bench.evening()
        for number in (2, 3):  # the other host's evenings: closed, acknowledged, purged
            await bench.reader.close_day(number, 20261121)
            await bench.reader.acknowledge(number, bench.reader.days[number][0]["hash"])
            bench.acquirer.last["ZINC-0001"] = (number, bench.reader.previous)
        key = bench.sale(200)
        remittance = await bench.evening()
        assert (remittance.state, remittance.net_minor) == (State.ACKED, 200)
        assert key in bench.acquirer.captured
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("faults/R-05")
def test_a_day_that_was_closed_unheard_is_passed_over_only_when_the_reader_has_it_no_more(bench: Bench) -> None:
    """Its seal was lost the evening before; a day after it would break the acquirer's chain of seals."""

    async def story() -> None:
        bench.reader.cut["close_day"] = 1
        first = bench.sale(100)
        await bench.evening()
        second = bench.sale(200)
        close_day = bench.reader.close_day

        async def fails_for_the_first(number: int, business_date: int) -> dict:
            if number == 1:
                raise ReaderRefused({"code": "reader_fault"})
            return await close_day(number, business_date)

        bench.reader.close_day = fails_for_the_first
        await bench.evening()
        assert not bench.acquirer.captured
        bench.reader.close_day = close_day
        await bench.evening()
        assert {first, second} <= set(bench.acquirer.captured)
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
def test_a_reader_whose_storage_was_put_back_is_refused_by_name(bench: Bench) -> None:
    async def story() -> None:
        await bench.evening()
        await bench.evening()
        bench.reader.number = 2  # sealed already, and open again
        bench.sale(100)
        await bench.evening()
        assert not bench.acquirer.captured
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert (alert.kind.value, alert.key, alert.detail) == ("day_refused", "ZINC-0001 2", "fork")
        bench.reader.number = 3  # the right one again
        await bench.evening()
        assert len(bench.acquirer.captured) == 1 and bench.alerts() == {}

    asyncio.run(story())


@pytest.mark.covers("terminal/T-R25")
def test_a_line_that_cannot_be_kept_refuses_its_day_and_no_other(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(100, copied=False)
        other = bench.sale(200, reader="ZINC-0002")

        def keep(reader: str, result: dict) -> None:
            raise RefundBeyond("1.00")  # a refund of a sale that this host never had

        bench.captures.keep = keep
        remittance = await bench.evening()
        assert (remittance.state, set(bench.acquirer.captured)) == (State.ACKED, {other})
        assert refused(bench) == "copy_missing"

    asyncio.run(story())


@pytest.mark.covers("faults/R-12")
def test_a_reader_that_cannot_seal_its_day_is_not_said_to_be_absent(bench: Bench) -> None:
    async def story() -> None:
        key = bench.sale(100)
        close_day = bench.reader.close_day

        async def is_damaged(number: int, business_date: int) -> dict:
            raise ReaderRefused({"code": "reader_fault"})

        bench.reader.close_day = is_damaged
        await bench.evening()
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert (alert.kind.value, alert.key, alert.detail) == ("day_refused", "ZINC-0001", "reader_fault")
        bench.reader.close_day = close_day
        await bench.evening()
        assert key in bench.acquirer.captured and not bench.alerts()

    asyncio.run(story())


def test_what_is_sent_is_for_its_owner_alone(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        remittance = await bench.evening()
        path = bench.service.overview.xml(remittance.id)
        assert path and (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    asyncio.run(story())


# ---- lost ----


@pytest.mark.covers("faults/R-09")
def test_of_a_reader_destroyed_at_noon_all_that_was_copied_goes_and_the_rest_is_listed(bench: Bench) -> None:
    async def story() -> None:
        await bench.evening()
        copied = {bench.sale(amount, reader="ZINC-0002") for amount in (100, 200)}
        bench.captures.unknown["ZINC-0002"] = ["C1-77"]
        bench.all["ZINC-0002"].here = False
        lost = bench.service.declare_lost("ZINC-0002")
        assert (lost.copied, lost.unknown) == (2, ("C1-77",))
        assert bench.service.declare_lost("ZINC-0002").copied == 0  # twice is once
        remittance = await bench.evening()
        assert (remittance.state, remittance.count, remittance.net_minor) == (State.ACKED, 2, 300)
        assert set(bench.acquirer.captured) == copied
        assert [row.sealed for row in bench.service.overview.data_sets(remittance.id)] == [False, True]
        assert bench.alerts() == {"lines_lost": 1}  # and none that it is absent

    asyncio.run(story())


def test_days_that_were_refused_of_a_reader_that_is_lost_go_as_copies(bench: Bench) -> None:
    """Such as one whose keys have rotted: nobody will ever seal them right."""

    async def story() -> None:
        refused_, waits = bench.sale(100), bench.sale(10, reader="ZINC-0002")
        bench.acquirer.refuses["ZINC-0001"] = "seal_mac"
        await bench.evening()
        bench.acquirer.refuses.clear()
        later = bench.sale(50)
        await bench.evening()
        assert set(bench.acquirer.captured) == {waits}
        assert bench.service.declare_lost("ZINC-0001").copied == 1
        bench.all["ZINC-0001"].here = False
        await bench.evening()
        assert set(bench.acquirer.captured) == {waits, refused_, later}
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("faults/R-09")
def test_a_lost_reader_that_comes_back_adds_what_was_not_copied_and_nothing_goes_twice(bench: Bench) -> None:
    async def story() -> None:
        copied = bench.sale(100, reader="ZINC-0002")
        not_copied = bench.sale(50, reader="ZINC-0002", copied=False)
        bench.all["ZINC-0002"].here = False
        bench.service.declare_lost("ZINC-0002")
        await bench.evening()
        assert set(bench.acquirer.captured) == {copied}
        bench.all["ZINC-0002"].here = True
        await bench.evening()
        assert bench.alerts() == {"seal_differs": 1}
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert alert.detail == "1 extra, 0 missing, 0 other"
        remittance = await bench.evening()
        assert (remittance.count, remittance.net_minor) == (1, 50)
        assert set(bench.acquirer.captured) == {copied, not_copied}
        assert {answer.rejected for answer in bench.acquirer.answers.values()} == {()}
        assert bench.all["ZINC-0002"].acknowledged == [1, 2]

    asyncio.run(story())


def test_a_lost_reader_that_sealed_what_was_sent_is_no_alert(bench: Bench) -> None:
    async def story() -> None:
        copied = bench.sale(100, reader="ZINC-0002")
        bench.service.declare_lost("ZINC-0002")
        await bench.evening()  # it was there after all
        assert bench.acquirer.captured == {copied: 100}
        assert not bench.alerts()
        await bench.evening()
        assert bench.all["ZINC-0002"].acknowledged == [1, 2]

    asyncio.run(story())


def test_a_sale_that_went_and_is_not_under_the_seal_is_listed(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(100, reader="ZINC-0002")
        bench.sale(200, reader="ZINC-0002")
        bench.service.declare_lost("ZINC-0002")
        bench.all["ZINC-0002"].open.pop()  # such as voided before its host heard of it
        await bench.evening()
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert (alert.kind.value, alert.detail) == ("seal_differs", "0 extra, 1 missing, 0 other")

    asyncio.run(story())


# ---- attacks/B-16 ----


def refused(bench: Bench) -> str | None:
    (day,) = bench.service.overview.refused_days(CONTRACT)
    return day.why


@pytest.mark.covers("attacks/B-16")
@pytest.mark.parametrize("what", ["amount", "mac", "kind"])
def test_an_edited_copy_is_refused_before_it_leaves_and_goes_when_it_is_whole(bench: Bench, what: str) -> None:
    async def story() -> None:
        key = bench.sale(1000)
        good = bench.captures.copies[key]
        edits = {"amount": {"amount": Money(100)}, "mac": {"mac": bytes(8)}, "kind": {"kind": "refund"}}
        bench.captures.copies[key] = replace(good, line=replace(good.line, **edits[what]))
        other = bench.sale(5, reader="ZINC-0002")
        remittance = await bench.evening()
        assert (remittance.state, set(bench.acquirer.captured)) == (State.ACKED, {other})
        assert refused(bench) == "copy_differs"
        assert bench.alerts() == {"day_refused": 1}
        assert not bench.reader.acknowledged
        bench.captures.copies[key] = good
        await bench.evening()
        assert set(bench.acquirer.captured) == {other, key}
        assert not bench.alerts()

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ("UPDATE sealed_line SET amount_minor = 1", "copy_differs"),
        ("DELETE FROM sealed_line WHERE position = 1", "count"),
        ("UPDATE sealed_day SET count = 1", "count"),
        ("UPDATE sealed_day SET previous = x'00'", "hash"),
    ],
)
def test_rows_that_were_edited_after_the_seal_are_refused_as_they_are_written(
    bench: Bench, edit: str, why: str
) -> None:
    async def story() -> None:
        bench.sale(1000)
        bench.sale(2000)
        check = bench.service._gathering._check_copies

        async def then_edited(*arguments) -> None:
            await check(*arguments)
            if arguments[1].reader == "ZINC-0001":
                with bench.store.transaction() as work:
                    work.execute(text(edit + (" AND" if "WHERE" in edit else " WHERE") + " reader = 'ZINC-0001'"))

        bench.service._gathering._check_copies = then_edited
        remittance = await bench.evening()
        assert (remittance.count, bench.acquirer.captured) == (0, {})
        assert refused(bench) == why
        assert bench.alerts() == {"day_refused": 1}

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
def test_a_forked_journal_is_refused(bench: Bench) -> None:
    """A copy of the reader's storage was put back: it seals another day after the same one."""

    async def story() -> None:
        bench.sale()
        await bench.evening()
        bench.reader.previous = bytes(32)
        bench.sale(2)
        await bench.evening()
        assert bench.alerts() == {"day_refused": 1}
        (alert,) = bench.service.overview.alerts(CONTRACT)
        assert (alert.key, alert.detail) == ("ZINC-0001 2", "chain")
        assert len(bench.acquirer.captured) == 1

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
def test_lines_that_are_not_what_the_seal_says_are_refused(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        lines = bench.reader.seal_lines

        async def others(number: int) -> bytes:
            data = bytearray(await lines(number))
            data[20] ^= 1
            return bytes(data)

        bench.reader.seal_lines = others
        await bench.evening()
        assert bench.alerts() == {"day_refused": 1}
        assert not bench.acquirer.captured
        bench.reader.seal_lines = lines
        await bench.evening()
        assert len(bench.acquirer.captured) == 1
        assert bench.alerts() == {}

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
def test_a_file_that_was_edited_before_it_goes_again_is_written_anew(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(1000)
        bench.acquirer.down = True
        remittance = await bench.evening()
        (file,) = (bench.folder / "remittances").iterdir()
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"10.00", b"90.00"))
        bench.acquirer.down = False
        await bench.at(bench.clock.moment + timedelta(minutes=2))
        assert list(bench.acquirer.captured.values()) == [1000]
        assert not file.exists(), "totals agree: it is not sent again, and not kept"
        assert bench.service.overview.xml(remittance.id) == file
        assert file.read_bytes() == whole

    asyncio.run(story())


@pytest.mark.covers("attacks/B-16")
def test_a_batch_whose_rows_were_edited_after_it_was_sealed_never_leaves(bench: Bench) -> None:
    async def story() -> None:
        key = bench.sale(1000)
        bench.acquirer.down = True
        await bench.evening()
        for file in (bench.folder / "remittances").iterdir():
            file.unlink()
        good = bench.captures.copies[key]
        bench.captures.copies[key] = replace(good, line=replace(good.line, sealed_card=b"\xff" * 16))
        bench.acquirer.down = False
        await bench.at(bench.clock.moment + timedelta(minutes=2))
        assert not bench.acquirer.captured
        assert bench.latest().why.startswith("FileChanged")

    asyncio.run(story())
