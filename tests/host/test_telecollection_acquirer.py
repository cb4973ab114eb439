"""Telecollection against the simulated acquirer: real caaa over the real link, checked seals, books of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from host.acquirer.caaa_link import CaaaLink
from host.telecollection.ports import Copy
from host.telecollection.states import State
from tests.host.acquirer_thread import ApprovesAll, OpenKeys
from tests.host.sealed_days import PARTIES, VISA, authorise, line, request, transaction_id
from tests.host.telecollection_bench import CONTRACT, Bench
from tools.simulators.acquirer.simulator import AcquirerSimulator


class Wire(httpx.AsyncBaseTransport):
    """To the simulator in the same process; `loses` answers of messages that it has taken."""

    def __init__(self, simulator: AcquirerSimulator) -> None:
        self.simulator = simulator
        self.loses = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        status, body = self.simulator.handle(request.url.raw_path.decode(), await request.aread())
        if self.loses:
            self.loses -= 1
            raise httpx.ReadError("cut")
        return httpx.Response(status, content=body)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder, readers=2, acquirer=None)
        clock = self.bench.clock
        self.simulator = AcquirerSimulator(lambda ksn: OpenKeys(), ApprovesAll(), clock.now, folder / "acquirer.db")
        self.wire = Wire(self.simulator)
        self.bench.acquirer = CaaaLink("http://acquirer/caaa", PARTIES, 10, transport=self.wire)
        self.sold = 0

    def sell(self, amount_minor: int, reader: str = "ZINC-0001", authorised: bool = True) -> bytes:
        self.sold += 1
        if authorised:
            assert authorise(self.simulator, request(self.sold, amount_minor)).approved
        self.bench.sell(Copy(reader, line(self.sold, amount_minor), "visa", VISA))
        return transaction_id(self.sold)

    def captured(self) -> dict[bytes, int]:
        ledger = self.simulator.ledger()
        return {bytes.fromhex(key): entry.captured_minor for key, entry in ledger.items() if entry.captured}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.simulator.close()
    shop.bench.close()


@pytest.mark.covers("services/T-9", "services/TC-4", "services/TC-6")
def test_a_week_of_evenings_balances_with_the_acquirers_books_and_is_paid(shop: Shop) -> None:
    async def story() -> None:
        sold = {}
        for day in range(1, 6):
            for reader in shop.bench.all:
                sold[shop.sell(100 * day, reader)] = 100 * day
            remittance = await shop.bench.evening()
            assert (remittance.state, bool(remittance.reconciled_at)) == (State.ACKED, True)
        await shop.bench.evenings(3)
        assert shop.captured() == sold
        assert shop.simulator.orphans() == []
        funded = [remittance for remittance in shop.bench.history() if remittance.state is State.FUNDED]
        assert sum(remittance.funded_minor for remittance in funded) == sum(sold.values())
        assert not shop.bench.alerts()
        assert all(reader.acknowledged == list(range(1, 9)) for reader in shop.bench.all.values())

    asyncio.run(story())


@pytest.mark.covers("services/TC-7", "faults/R-09")
def test_an_answer_that_is_lost_is_given_again(shop: Shop) -> None:
    async def story() -> None:
        sold = shop.sell(1250)
        shop.wire.loses = 2
        assert (await shop.bench.evening()).state is State.UNKNOWN
        assert shop.captured() == {sold: 1250}
        assert (await shop.bench.evening()).state is State.ACKED
        assert {remittance.state for remittance in shop.bench.history()} == {State.ACKED}
        assert shop.captured() == {sold: 1250}
        assert {entry.presented for entry in shop.simulator.ledger().values()} == {1}

    asyncio.run(story())


def test_a_line_that_was_never_authorised_is_rejected_and_goes_again_once_it_is(shop: Shop) -> None:
    async def story() -> None:
        good, bad = shop.sell(1000), shop.sell(300, authorised=False)
        remittance = await shop.bench.evening()
        assert (remittance.state, remittance.net_minor) == (State.PARTLY_REJECTED, 1000)
        assert remittance.reconciled_at
        (rejected,) = shop.bench.service.overview.rejected(CONTRACT)
        assert (rejected.line.transaction_id, rejected.line.reason) == (bad, "not_authorised")
        assert authorise(shop.simulator, request(2, 300)).approved
        shop.bench.service.present_again(bad)
        assert (await shop.bench.evening()).state is State.ACKED
        assert shop.captured() == {good: 1000, bad: 300}

    asyncio.run(story())


@pytest.mark.covers("faults/R-09")
def test_a_lost_reader_and_its_return_are_no_break_in_the_chain(shop: Shop) -> None:
    async def story() -> None:
        lost = shop.bench.all["ZINC-0002"]
        shop.sell(100, "ZINC-0002")
        await shop.bench.evening()
        copied = shop.sell(200, "ZINC-0002")
        late = shop.sell(50, "ZINC-0002")
        shop.bench.captures.copies.pop(late)
        lost.here = False
        shop.bench.service.declare_lost("ZINC-0002")
        await shop.bench.evening()
        assert copied in shop.captured() and late not in shop.captured()
        lost.here = True
        await shop.bench.evenings(2)
        shop.sell(9, "ZINC-0002")
        await shop.bench.evening()
        assert sum(shop.captured().values()) == 359
        assert {remittance.state for remittance in shop.bench.history()} == {State.ACKED, State.FUNDED}
        assert lost.acknowledged == list(range(1, lost.number))

    asyncio.run(story())


@pytest.mark.parametrize("why", ["certificate has expired", "self-signed certificate"])
def test_a_certificate_that_is_not_good_is_named_to_the_merchant(shop: Shop, why: str) -> None:
    async def story() -> None:
        async def refused(request: httpx.Request) -> httpx.Response:
            fault = ssl.SSLCertVerificationError(1, why)
            fault.verify_message = why
            raise httpx.ConnectError("TLS") from fault

        shop.sell(1250)
        real, shop.wire.handle_async_request = shop.wire.handle_async_request, refused
        remittance = await shop.bench.evening()
        assert (remittance.state, remittance.why) == (State.UNKNOWN, f"AcquirerUnreachable {why}")
        shop.wire.handle_async_request = real
        assert (await shop.bench.evening()).state is State.ACKED

    asyncio.run(story())


def test_less_money_than_is_due_is_an_alert(shop: Shop) -> None:
    async def story() -> None:
        shop.simulator.settlements.withheld_minor = 30
        shop.sell(1000)
        await shop.bench.evenings(4)
        assert shop.bench.alerts()["funds_short"] == 1
        assert shop.bench.history()[0].state is State.ACKED

    asyncio.run(story())
