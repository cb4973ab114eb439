"""Whatever merchant, reader, acquirer and host do, in whatever order: in the end all of them agree (hypothesis)."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from host.app import App
from host.money import Money
from host.payment.errors import AmountChanged, Refused
from host.payment.model import Payment
from host.payment.states import State
from host.terminal.errors import LinkLost
from tests.host.payment_world import Behaviour, HostDies, MortalDatabase, World, check, every_payment, settle

PRICE = Money(1000)
ORDERS = st.sampled_from(["C1-1", "C1-2", "C1-3"])
BEHAVIOURS = st.builds(
    Behaviour,
    st.sampled_from(["approves", "approves", "refuses", "silent", "deaf", "part"]),
    st.sampled_from(["finishes", "finishes", "torn", "offline"]),
    st.sampled_from(["whole", "whole", "cut", "cut at the end"]),
)


class Life(RuleBasedStateMachine):
    """`dies_in`: how many commits the host has left to live, 0 for as many as it likes."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        shutil.copy(EMPTY, Path(self.folder.name) / "till.db")
        self.world = World(Path(self.folder.name))
        self.sealed: list[bytes] = []
        self.app = self.open()

    def open(self) -> App:
        app = self.world.host()
        app.timers.release()
        app.payments.listen(self.merchant)
        return app

    def merchant(self, payment: Payment, phase: str) -> None:
        if phase == "confirmation":
            self.app.payments.answer(payment.transaction_id or b"", self.accepts)

    def live(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """The till refuses what makes no sense; a host that dies starts again."""
        try:
            asyncio.run(coroutine)
        except (Refused, AmountChanged):
            pass
        except HostDies:
            self.app.database.close()
            self.app = self.open()
            asyncio.run(self.app.payments.resolve_unknown())

    accepts = True

    @rule(behaviour=BEHAVIOURS, accepts=st.booleans(), lost=st.integers(0, 2))
    def things_change(self, behaviour: Behaviour, accepts: bool, lost: int) -> None:
        self.world.bank.behaviour, self.accepts, self.world.bank.advices_lost = behaviour, accepts, lost

    @rule(reach=st.booleans())
    def the_reader_comes_and_goes(self, reach: bool) -> None:
        self.world.reader.out_of_reach = None if reach else LinkLost()

    @rule(dies_in=st.integers(1, 9), before=st.booleans())
    def the_host_will_die(self, dies_in: int, before: bool) -> None:
        database = self.world.database
        database.dies_at, database.before = database.commits + dies_in, before

    @rule(order=ORDERS)
    def pay(self, order: str) -> None:
        self.live(self.app.payments.take_payment(PRICE, order))

    @rule(order=ORDERS)
    def hold(self, order: str) -> None:
        self.live(self.app.payments.preauthorise(PRICE, "H" + order))

    @rule(order=ORDERS, amount=st.sampled_from([0, 700, 1000, 1150, 1151]))
    def complete(self, order: str, amount: int) -> None:
        self.live(self._of("H" + order, lambda payment: self.app.payments.complete(payment.request_id, Money(amount))))

    @rule(order=ORDERS)
    def cancel(self, order: str) -> None:
        self.live(self._of(order, lambda payment: self.app.payments.void(payment.request_id)))

    @rule(order=ORDERS, number=st.integers(1, 3), amount=st.sampled_from([400, 600, 1000]))
    def refund(self, order: str, number: int, amount: int) -> None:
        reference = f"R{number}"
        self.live(
            self._of(order, lambda sale: self.app.payments.refund(sale.transaction_id or b"", Money(amount), reference))
        )

    @rule()
    def the_day_is_sealed(self) -> None:
        kept = [result["transaction_id"] for result in self.world.reader.journal.values() if "mac" in result]
        self.world.reader.sealed.update(kept)

    @rule(after_s=st.sampled_from([1, 60, 86_400 * 31]))
    def time_passes(self, after_s: int) -> None:
        self.world.clock.moment += timedelta(seconds=after_s)
        self.live(self._timers())

    @rule()
    def ask_again(self) -> None:
        self.live(self.app.payments.resolve_unknown())

    async def _timers(self) -> None:
        await self.app.timers.run_due(self.world.clock.now())

    async def _of(self, order: str, do: Any) -> None:
        payment = self.app.payments.of_order(order)
        if payment is not None:
            await do(payment)

    def teardown(self) -> None:
        """The faults end; then all is settled, no refund exceeds its sale, and no order is paid twice."""
        if not hasattr(self, "app"):
            return
        self.world.bank.behaviour, self.world.bank.advices_lost = Behaviour(), 0
        self.world.reader.out_of_reach = None
        self.world.database.dies_at = 0
        asyncio.run(settle(self.app))
        payments = every_payment(self.world, self.app)
        check(self.world, self.app, payments)
        approved = [payment for payment in payments if payment.approved]
        orders = [payment.order_reference for payment in approved]
        assert len(set(orders)) == len(orders)
        for sale in approved:
            given_back = [payment.paid.amount_minor for payment in approved if payment.original == sale.transaction_id]
            assert sum(given_back) <= sale.paid.amount_minor
        assert all(state is not State.UNKNOWN for state in {payment.state for payment in payments})
        self.app.database.close()
        self.folder.cleanup()


EMPTY = Path()


@pytest.mark.covers("faults/I1", "faults/I2", "faults/I4", "faults/I5", "faults/I7", "faults/R-17")
def test_in_the_end_all_agree(tmp_path: Path) -> None:
    global EMPTY
    EMPTY = tmp_path / "empty.db"
    database = MortalDatabase(f"sqlite:///{EMPTY}")
    database.migrate()
    database.close()
    machine = Life.TestCase()
    machine.settings = settings(max_examples=40, stateful_step_count=25)
    machine.runTest()
