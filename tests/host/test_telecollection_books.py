"""The books and the evening: what is booked of a remittance; readers, ledger, batch and acquirer say the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from host.acquirer.errors import AcquirerSilent
from host.ledger.model import Account
from host.telecollection import totals
from host.telecollection.errors import NothingShort
from host.telecollection.model import AlertKind
from host.telecollection.ports import Copy
from host.telecollection.states import State
from tests.host.nights import entry, statement
from tests.host.telecollection_bench import CONTRACT, Bench

OWED, ANSWERED, BANK, FEES = (
    Account.CARD_RECEIVABLE,
    Account.ACQUIRER_SETTLEMENT,
    Account.BANK,
    Account.FEES,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def balances(bench: Bench) -> tuple[int, ...]:
    """In cents: not acknowledged, acknowledged and not paid, in the bank, commission."""
    with bench.store.transaction() as work:
        return tuple(bench.ledger.balance(work, account).amount_minor for account in (OWED, ANSWERED, BANK, FEES))


def paid(bench: Bench, minor: int, name: str = "") -> None:
    line = entry(bench.history()[0].reference, minor)
    bench.service.import_statement(statement(line.replace("<NtryRef>", f"<NtryRef>{name}")))


@pytest.mark.covers("services/TC-1", "services/TC-2")
def test_an_answer_and_the_money_are_booked_with_their_state_and_once(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(1000)
        bench.sale(300, kind="refund")
        assert balances(bench) == (700, 0, 0, 0)
        bench.acquirer.after = [AcquirerSilent("10 s")]
        assert (await bench.evening()).state is State.UNKNOWN
        assert balances(bench) == (700, 0, 0, 0)  # silence says nothing
        await bench.evening()
        assert balances(bench) == (0, 700, 0, 0)
        for _ in range(2):
            await bench.service.go_on(str(bench.history()[0].id))
            paid(bench, 700)
        assert bench.history()[0].state is State.FUNDED
        assert balances(bench) == (0, 0, 700, 0)

    asyncio.run(story())


def test_what_was_rejected_stays_owed_until_it_goes_again(bench: Bench) -> None:
    async def story() -> None:
        bench.sale(1000)
        bad = bench.sale(300)
        bench.acquirer.rejects = {bad: "not authorised"}
        assert (await bench.evening()).state is State.PARTLY_REJECTED
        assert balances(bench) == (300, 1000, 0, 0)
        bench.acquirer.rejects = {}
        bench.service.present_again(bad)
        await bench.evening()
        assert balances(bench) == (0, 1300, 0, 0)
        assert not bench.alerts()

    asyncio.run(story())


def test_a_remittance_of_which_nothing_was_taken_is_not_booked(bench: Bench) -> None:
    bench.sale(1000)
    bench.acquirer.refuses = {"*": "seal_broken"}
    assert asyncio.run(bench.evening()).state is State.REJECTED
    assert balances(bench) == (1000, 0, 0, 0)


def test_money_that_comes_in_parts_or_is_taken_back_is_booked_as_it_comes(bench: Bench) -> None:
    bench.sale(1000)
    asyncio.run(bench.evening())
    for minor, name, bank in ((900, "a", 900), (-900, "b", 0), (900, "c", 900), (100, "d", 1000)):
        paid(bench, minor, name)
        assert balances(bench) == (0, 1000 - bank, bank, 0)
    assert bench.latest().state is State.FUNDED


@pytest.mark.covers("services/T-9")
def test_a_shortfall_is_owed_until_a_person_calls_it_a_commission(bench: Bench) -> None:
    bench.sale(1000)
    remittance = asyncio.run(bench.evening())
    with pytest.raises(NothingShort):  # nothing came yet: that is no commission
        bench.service.take_as_fee(remittance.id)
    paid(bench, 970)
    assert (balances(bench), bench.alerts()) == ((0, 30, 970, 0), {"funds_short": 1})
    bench.service.take_as_fee(remittance.id)
    assert (balances(bench), bench.alerts()) == ((0, 0, 970, 30), {})
    assert bench.latest().state is State.FUNDED
    with pytest.raises(NothingShort):
        bench.service.take_as_fee(remittance.id)


@pytest.mark.covers("terminal/T-R24", "terminal/T-R25")
def test_readers_ledger_batch_and_acquirer_say_the_same(bench: Bench) -> None:
    bench.sale(1000)
    bench.sale(300, kind="refund")
    ids = [bench.sale(250)]
    ids += [key for key in bench.reader.records if key not in ids]
    remittance = asyncio.run(bench.evening())
    with bench.store.transaction() as work:
        (day,) = bench.store.days.of_reader(work, bench.reader.serial)
        (booked,) = bench.ledger.totals_of(work, ids)
    (sealed,) = totals.read(day.totals)
    (batch,) = bench.service.overview.totals(remittance.id)
    (acquirers,) = totals.joined(bench.acquirer.sums[remittance.exchange_id])
    assert sealed == batch == acquirers
    assert vars(booked) == vars(batch)
    assert (batch.debit_count, batch.debit_minor, batch.credit_count, batch.credit_minor) == (2, 1250, 1, 300)
    assert (remittance.state, bool(remittance.reconciled_at), bench.alerts()) == (State.ACKED, True, {})


def books_forget(bench: Bench) -> None:
    bench.captures.book = lambda _: None


def books_say_another_amount(bench: Bench) -> None:
    bench.captures.book = lambda copy: bench._book(altered(copy, amount=copy.line.amount * 2))


def books_say_another_scheme(bench: Bench) -> None:
    bench.captures.book = lambda copy: bench._book(replace(copy, brand="visa"))


def books_say_refund(bench: Bench) -> None:
    bench.captures.book = lambda copy: bench._book(altered(copy, kind="refund"))


def altered(copy: Copy, **facts: Any) -> Copy:
    return replace(copy, line=replace(copy.line, **facts))


@pytest.mark.covers("terminal/T-R24")
@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (books_forget, "cb A0000000421010 +1 €12.50"),
        (books_say_another_amount, "cb A0000000421010 +0 -€12.50"),
        (books_say_another_scheme, "cb A0000000421010 +1 €12.50; visa A0000000421010 -1 -€12.50"),
        (books_say_refund, "cb A0000000421010 +0 €25.00"),
    ],
)
def test_a_ledger_that_says_otherwise_is_seen_and_holds_nothing_up(bench: Bench, spoil: Any, detail: str) -> None:
    bench.sale(400)
    spoil(bench)
    sold = bench.sale(1250)
    remittance = asyncio.run(bench.evening())
    (alert,) = bench.service.overview.alerts(CONTRACT)
    assert (alert.kind, alert.key, alert.detail) == (AlertKind.BOOKS_DIFFER, remittance.reference, detail)
    assert (remittance.state, bench.acquirer.captured[sold], bench.reader.acknowledged) == (State.ACKED, 1250, [1])


@pytest.mark.covers("terminal/T-R24")
def test_a_reader_whose_totals_are_not_its_lines_is_seen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.sale(1250)
    real = totals.of_copies
    wrong = lambda copies: tuple(replace(row, debit_minor=row.debit_minor + 1) for row in real(copies))  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr("tests.host.telecollection_stand_ins.totals.of_copies", wrong)
        bench.reader._seal(1, 20261120)
    remittance = asyncio.run(bench.evening())
    assert (remittance.state, bench.reader.acknowledged) == (State.OUT_OF_BALANCE, [])
    assert bench.alerts() == {"books_differ": 1, "out_of_balance": 1}


@pytest.mark.covers("terminal/T-R24")
def test_an_acquirer_that_counts_otherwise_is_seen_and_no_day_is_acknowledged(bench: Bench) -> None:
    bench.sale(1250)
    bench.acquirer.off_minor = 1
    remittance = asyncio.run(bench.evening())
    assert (remittance.state, bench.reader.acknowledged) == (State.OUT_OF_BALANCE, [])
    assert bench.alerts() == {"out_of_balance": 1}
