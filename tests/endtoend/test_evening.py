"""The evening on the whole stack: what was sold is captured once, whatever dies in the middle of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from host.money import Money
from host.payment.model import Payment
from host.telecollection.acknowledge import CUT_OFF
from host.telecollection.model import AlertKind, Phase, Remittance
from host.telecollection.states import DayState, State
from host.terminal.errors import LinkLost
from tools.demo import evening
from tools.demo.cardholder import Cardholder
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.simulators.acquirer.simulator import AcquirerSimulator, Entry
from tools.simulators.card import SimulatedCard
from tools.simulators.issuer import Issuer
from tools.simulators.key_host import acquirer_keys

CARD = "cb_visa_debit"
AT_ONCE = ("--settle-at-once",)


async def until(happened: Callable[[], bool], deadline_s: float = 20) -> None:
    """Rows of the database tell nobody that they changed."""
    async with asyncio.timeout(deadline_s):
        while not happened():
            await asyncio.sleep(0.05)


def acquirers(folder: Path) -> dict[str, Entry]:
    """The acquirer's books, by transaction id."""
    books = AcquirerSimulator(acquirer_keys().transaction, Issuer(), lambda: datetime.now(UTC), folder / "acquirer.db")
    try:
        return books.ledger()
    finally:
        books.close()


def key(payment: Payment) -> str:
    assert payment.transaction_id is not None
    return payment.transaction_id.hex()


async def sold(stack: Stack, *amounts_minor: int) -> list[Payment]:
    payments = [await sell(stack, CARD, "contactless", amount_minor) for amount_minor in amounts_minor]
    assert all(payment.approved for payment in payments)
    return payments


async def refunded(stack: Stack, original: Payment, amount_minor: int) -> Payment:
    card = SimulatedCard.load(CARD)
    cardholder = Cardholder(stack.reader).pay(card, CARD, "contact", card.pin)
    refunding = stack.app.payments.refund(original.transaction_id, Money(amount_minor), "refund-1")
    payment, _ = await asyncio.gather(refunding, cardholder)
    return payment


def remittances(stack: Stack) -> list[Remittance]:
    """Of which something was sent, the oldest first."""
    overview = stack.app.telecollection.overview
    [contract] = overview.contracts()
    return [each for each in reversed(overview.history(contract.id)) if each.count]


def captured_once(stack: Stack, payments: list[Payment]) -> None:
    books = acquirers(stack.folder)
    for payment in payments:
        entry = books[key(payment)]
        assert (entry.captured, entry.captured_minor) == (1, payment.paid.amount_minor)


@pytest.mark.covers("services/T-9", "services/TC-1", "terminal/T-R24", "terminal/T-R25")
def test_what_was_sold_cancelled_and_given_back_is_captured_and_paid_to_the_cent(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path, durable=True, acquirer=AT_ONCE) as stack:
            first, second, third = await sold(stack, 1250, 800, 300)
            await stack.app.payments.void(third.request_id)
            refund = await refunded(stack, first, 250)
            assert refund.approved
            came_to = await evening.collect(stack)
            [sums] = came_to["reader"].values()
            assert sums == {"debits": [2, 2050], "credits": [1, 250]}
            assert came_to["reader"] == came_to["ledger"] == came_to["batch"]
            assert came_to["acquirer"] == {"taken": 3, "rejected": 0, "totals_agree": True}
            assert (came_to["state"], came_to["acknowledged"], came_to["funded_minor"]) == ("funded", True, 1800)
            captured_once(stack, [first, second, refund])
            cancelled = acquirers(tmp_path)[key(third)]
            assert (cancelled.captured, cancelled.hold) == (0, False)
            again = await evening.collect(stack)
            assert (again["batch"], len(remittances(stack))) == ({}, 1)

    asyncio.run(day())


@pytest.mark.covers("services/T-9", "terminal/T-R25")
def test_at_its_hour_the_day_is_collected_and_the_money_announced_but_not_as_received(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path, durable=True) as stack:
            app = stack.app
            payments = await sold(stack, 1250)
            await until(lambda: bool(app.telecollection.overview.contracts()[0].readers))
            [contract] = app.telecollection.overview.contracts()
            with app.database.transaction() as work:
                app.timers.set(work, CUT_OFF, contract.id, app.clock.now())
            await until(lambda: bool(remittances(stack)) and remittances(stack)[0].reconciled_at is not None, 30)
            [remittance] = remittances(stack)
            assert (remittance.state, remittance.funded_minor) == (State.ACKED, 0)
            assert remittance.due_at is not None
            assert remittance.expected_on is not None
            captured_once(stack, payments)

    asyncio.run(day())


async def killed_before(stack: Stack, _do: Callable[[], Awaitable[Any]]) -> None:
    await stack.reader.kill_reader()


async def killed_after(stack: Stack, do: Callable[[], Awaitable[Any]]) -> None:
    await do()
    await stack.reader.kill_reader()


def dies_at(stack: Stack, name: str, kill: Callable[..., Awaitable[None]]) -> None:
    """The reader loses its power at that question, once: the answer is lost, whatever it did of it."""
    asked = getattr(stack.terminal, name)

    async def ask(*arguments: Any) -> Any:
        delattr(stack.terminal, name)
        await kill(stack, lambda: asked(*arguments))
        raise LinkLost("its power is cut")

    setattr(stack.terminal, name, ask)


@pytest.mark.parametrize("kill", [killed_before, killed_after])
@pytest.mark.parametrize("question", ["close_day", "seal_lines", "acknowledge"])
@pytest.mark.covers("services/TC-1", "terminal/T-R25")
def test_a_reader_whose_power_is_cut_in_the_evening_is_collected_once(
    tmp_path: Path, question: str, kill: Callable[..., Awaitable[None]]
) -> None:
    async def day() -> None:
        async with Stack(tmp_path) as stack:
            service = stack.app.telecollection
            payments = await sold(stack, 1250, 800)
            await until(lambda: bool(service.overview.contracts()[0].readers))
            [contract] = service.overview.contracts()
            dies_at(stack, question, kill)
            await evening.collect(stack)
            alerts = {alert.kind for alert in service.overview.alerts(contract.id)}
            assert (AlertKind.READER_ABSENT in alerts) is (question != "acknowledge")
            await stack.reader.start_reader()
            await stack.terminal.close()
            await stack.terminal.connect()
            await evening.collect(stack)
            [remittance] = remittances(stack)
            assert (remittance.state, remittance.count, remittance.net_minor) == (State.ACKED, 2, 2050)
            await until(lambda: _acknowledged(stack, remittance))
            assert service.overview.alerts(contract.id) == []
            captured_once(stack, payments)

    asyncio.run(day())


def _acknowledged(stack: Stack, remittance: Remittance) -> bool:
    overview = stack.app.telecollection.overview
    days = [overview.day(row.reader, row.number) for row in overview.data_sets(remittance.id)]
    return all(day is not None and day.state is DayState.ACKNOWLEDGED for day in days)


async def till(stack: Stack, *dies_at: str) -> int:
    """A life of the till as a process: its exit status."""
    arguments = [stack.reader.serial_port, str(stack.folder), f"{stack.acquirer.url}/caaa", *dies_at]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.endtoend.evening_process", *arguments)
    try:
        async with asyncio.timeout(90):
            return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("phase", [Phase.CLOSING, Phase.SENDING, Phase.ACKNOWLEDGING])
@pytest.mark.covers("services/TC-1", "terminal/T-R25")
def test_a_till_killed_in_the_evening_goes_on_with_it_when_it_is_started_again(tmp_path: Path, phase: Phase) -> None:
    async def day() -> None:
        async with Stack(tmp_path, link="serial") as stack:
            payments = await sold(stack, 1250, 800)
            await until(lambda: bool(stack.app.telecollection.overview.contracts()[0].readers))
            await stack.app.close()
            await stack.terminal.close()
            assert await till(stack, phase) == -9
            assert await till(stack) == 0
            [remittance] = remittances(stack)
            assert (remittance.state, remittance.count) == (State.ACKED, 2)
            assert _acknowledged(stack, remittance)
            captured_once(stack, payments)

    asyncio.run(day())
