"""What the merchant sees: totals, history, ticket, CSV and XML, and how far a collection is."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from host.acquirer.model import Totals
from host.telecollection.errors import TelecollectionError
from host.telecollection.export import neutral
from host.telecollection.model import Phase, Progress
from host.telecollection.states import State
from host.telecollection.totals import joined, read, without, write
from tests.host.telecollection_bench import CONTRACT, Bench
from tests.host.telecollection_stand_ins import AID


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_totals_by_scheme_of_today_and_of_a_remittance(bench: Bench) -> None:
    bench.sale(1000)
    bench.sale(300, kind="refund")
    both = Totals("cb", AID, "EUR", 1, 1000, 1, 300)
    assert bench.service.overview.today("ZINC-0001") == (2, (both,))
    remittance = asyncio.run(bench.evening())
    assert bench.service.overview.today("ZINC-0001") == (0, ())
    assert bench.captures.looked_since == bench.clock.moment - timedelta(hours=1, seconds=10), "not at all the years"
    assert bench.service.overview.totals(remittance.id) == (both,)
    assert remittance.net_minor == 700


def test_totals_of_what_was_taken_leave_out_what_was_rejected(bench: Bench) -> None:
    bench.sale(1000)
    bench.acquirer.rejects[bench.sale(300, kind="refund")] = "card_expired"
    remittance = asyncio.run(bench.evening())
    assert bench.service.overview.totals(remittance.id) == (Totals("cb", AID, "EUR", 1, 1000),)


def test_rows_of_totals_are_read_as_they_were_written() -> None:
    rows = (Totals("none", b"", "EUR", cancellation_count=3, cancellation_minor=7), Totals("cb", AID, "EUR", 1, 2**40))
    assert read(write(rows)) == rows
    assert joined([*rows, rows[1]])[0] == Totals("cb", AID, "EUR", 2, 2**41)
    assert without(rows, rows[1:]) == rows[:1]
    for length in range(1, len(write(rows)) - 1):
        if length != len(write(rows[:1])):
            with pytest.raises(TelecollectionError):
                read(write(rows)[:length])


@pytest.mark.parametrize(
    ("language", "verdict", "expected"),
    [
        ("fr", "TÉLÉCOLLECTE RÉUSSIE", "Fonds attendus le"),
        ("en", "TELECOLLECTION SUCCEEDED", "Money expected on"),
        ("nl", "TELECOLLECTE GESLAAGD", "Geld verwacht op"),
    ],
)
def test_a_ticket_says_success(bench: Bench, language: str, verdict: str, expected: str) -> None:
    bench.sale(1000)
    remittance = asyncio.run(bench.evening())
    ticket = bench.service.overview.ticket(remittance.id, language)
    assert (ticket.success, ticket.verdict) == (True, verdict)
    rows = dict(ticket.rows)
    assert rows[expected] == "23/11/2026"
    assert any(f"{AID.hex().upper()}" in name for name in rows)
    assert not any("reçus" in name or "received" in name or "ontvangen" in name for name in rows)


@pytest.mark.parametrize(("language", "verdict"), [("fr", "ÉCHOUÉE"), ("en", "FAILED"), ("nl", "MISLUKT")])
def test_a_ticket_says_failure(bench: Bench, language: str, verdict: str) -> None:
    bench.sale(1000)
    bench.acquirer.down = True
    remittance = asyncio.run(bench.evening())
    ticket = bench.service.overview.ticket(remittance.id, language)
    assert not ticket.success
    assert ticket.verdict.endswith(verdict)
    assert ticket.rows[-1][1] == "AcquirerUnreachable ConnectError"


def test_money_is_said_to_be_received_once_it_is(bench: Bench) -> None:
    bench.sale(1000)
    remittance = asyncio.run(bench.evening())
    with bench.store.transaction() as work:
        bench.store.remittances.save(work, replace(remittance, state=State.FUNDED))
    assert bench.service.overview.ticket(remittance.id).rows[-1] == ("Fonds reçus", "")


@pytest.mark.covers("attacks/H-08")
@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(bench: Bench, cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    bench.acquirer.rejects[bench.sale(300)] = cell
    bench.sale(1000)
    remittance = asyncio.run(bench.evening())
    head, *rows = csv.reader(StringIO("".join(bench.service.overview.csv(remittance.id)), newline=""))
    assert [row[head.index("reason")] for row in rows] == [f"'{cell}", ""]
    assert [row[head.index("state")] for row in rows] == ["rejected", "accepted"]


def test_a_csv_has_signed_amounts(bench: Bench) -> None:
    bench.sale(1050)
    bench.sale(300, kind="refund")
    remittance = asyncio.run(bench.evening())
    head, *rows = csv.reader(StringIO("".join(bench.service.overview.csv(remittance.id)), newline=""))
    assert [row[head.index("amount")] for row in rows] == ["10.50", "-3.00"]
    assert rows[0][:5] == [remittance.reference, "2026-11-20", "1", "ZINC-0001", "1"]


def test_history_comes_in_pages(bench: Bench) -> None:
    async def story() -> None:
        for _ in range(5):
            await bench.evening()

    asyncio.run(story())
    page = bench.service.overview.history(CONTRACT, 2)
    rest = bench.service.overview.history(CONTRACT, 10, before=page[-1].id)
    assert [row.id for row in [*page, *rest]] == [5, 4, 3, 2, 1]


def test_progress_is_told_as_it_goes(bench: Bench) -> None:
    for _ in range(3):
        bench.sale()
    told: list[Progress] = []
    end = bench.service.watch(lambda remittance_id, progress: told.append(progress))
    remittance = asyncio.run(bench.evening())
    phases = list(dict.fromkeys(progress.phase for progress in told))
    assert phases == list(Phase)
    assert Progress(Phase.WRITING, 3, 3) in told
    assert bench.service.progress(remittance.id) == Progress(Phase.ENDED)
    end()
    count = len(told)
    asyncio.run(bench.evening())
    assert len(told) == count


def test_a_record_that_no_batch_can_hold_keeps_its_day_back(bench: Bench) -> None:
    async def story() -> None:
        key = bench.sale()
        good = bench.captures.copies[key]
        bench.captures.copies[key] = replace(good, line=replace(good.line, taken_at="yesterday"))
        assert (await bench.evening()).count == 0
        assert bench.alerts() == {"day_refused": 1}
        assert bench.service.overview.refused_days(CONTRACT)[0].why.startswith("unwritable")

    asyncio.run(story())


def test_of_loose_lines_only_the_one_that_no_batch_can_hold_stays(bench: Bench) -> None:
    async def story() -> None:
        bad, good = bench.sale(1), bench.sale(2)
        bench.reader.here = False
        record = bench.captures.copies[bad]
        bench.captures.copies[bad] = replace(record, line=replace(record.line, taken_at="yesterday"))
        bench.service.declare_lost("ZINC-0001")
        assert (await bench.evening()).count == 0
        assert (await bench.evening()).count == 1
        assert set(bench.acquirer.captured) == {good}
        assert bench.alerts() == {"day_refused": 1}

    asyncio.run(story())
