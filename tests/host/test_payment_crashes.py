"""The host dies at each of its commits, before it and after it, in each story; then it starts again (faults/R-16)."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from host.app import App
from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from tests.host.payment_world import Behaviour, MortalDatabase, World, check, every_payment, run, settle

PRICE = Money(1250)
Wish = Callable[[App], Awaitable[None]]


async def sell(app: App, order: str = "C1-1") -> Payment:
    app.payments.listen(
        lambda payment, phase: phase == "confirmation" and app.payments.answer(payment.transaction_id or b"", True)
    )
    return await app.payments.take_payment(PRICE, order)


async def pay(app: App) -> None:
    await sell(app)


async def pay_and_cancel(app: App) -> None:
    payment = app.payments.of_order("C1-1")
    if payment is None or payment.state is not State.VOIDED:
        payment = await sell(app)
    if payment.state in (State.APPROVED, State.VOIDING):
        await app.payments.void(payment.request_id)


async def pay_and_refund(app: App) -> None:
    payment = await sell(app)
    if payment.approved:
        await app.payments.refund(payment.transaction_id, Money(500), "R1")


async def hold_and_complete(app: App, amount: Money = Money(1300)) -> None:  # noqa: B008  Money is frozen
    payment = await app.payments.preauthorise(PRICE, "H1")
    if payment.state in (State.AUTHORISED, State.COMPLETING):
        await app.payments.complete(payment.request_id, amount)


async def hold_and_give_up(app: App) -> None:
    if app.payments.of_order("H1") is None or app.payments.of_order("H1").state not in GIVEN_BACK:
        await hold_and_complete(app, Money(0))


async def hold_and_forget(app: App) -> None:
    if app.payments.of_order("H1") is None:
        await app.payments.preauthorise(PRICE, "H1")
    app.clock.moment += timedelta(days=31)
    await app.timers.run_due(app.clock.now())


GIVEN_BACK = (State.REVERSAL_DUE, State.REVERSED)
STORIES: dict[str, tuple[Wish, Behaviour, int]] = {
    "approved": (pay, Behaviour(), 1),
    "refused": (pay, Behaviour("refuses"), 0),
    "silent": (pay, Behaviour("silent"), 0),
    "torn": (pay, Behaviour(card="torn"), 0),
    "offline": (pay, Behaviour("silent", "offline"), 1),
    "a part": (pay, Behaviour("part"), 1),
    "cut before the answer": (pay, Behaviour(link="cut"), 0),
    "cut at the end": (pay, Behaviour(link="cut at the end"), 1),
    "cancelled": (pay_and_cancel, Behaviour(), 0),
    "refunded": (pay_and_refund, Behaviour(), 2),
    "completed": (hold_and_complete, Behaviour(), 1),
    "given up": (hold_and_give_up, Behaviour(), 0),
    "forgotten": (hold_and_forget, Behaviour(), 0),
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has its schema already: making it takes longer than a sale."""
    folder = tmp_path_factory.mktemp("empty")
    database = MortalDatabase(f"sqlite:///{folder / 'till.db'}")
    database.migrate()
    database.close()
    return folder / "till.db"


@pytest.mark.covers("faults/R-16", "faults/I1", "faults/I2", "faults/I4", "faults/I7")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("story", STORIES)
def test_a_host_that_dies_at_any_commit_loses_nothing_and_charges_once(
    empty: Path, tmp_path: Path, story: str, before: bool
) -> None:
    wish, behaviour, taken = STORIES[story]
    dies_at, lived = 0, False
    while not lived:  # until a run passes clean
        dies_at += 1
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        shutil.copy(empty, folder / "till.db")
        world = World(folder)
        world.bank.behaviour = behaviour
        world.bank.advices_lost = 1
        lived = one_life(world, wish, dies_at, before)
        after(world, wish, taken)
    assert dies_at > 6, "it died somewhere"


def one_life(world: World, wish: Wish, dies_at: int, before: bool) -> bool:
    app = world.host()
    world.database.dies_at, world.database.before = dies_at, before

    async def live() -> None:
        await wish(app)
        await settle(app)

    lived = run(live())
    app.database.close()
    return lived


def after(world: World, wish: Wish, taken: int) -> None:
    """It starts again, the merchant wishes the same, and in the end reader, acquirer and books agree."""
    app = world.host()

    async def live() -> None:
        app.timers.release()
        await settle(app)
        check(world, app, every_payment(world, app))
        await wish(app)
        await settle(app)

    assert run(live())
    payments = every_payment(world, app)
    check(world, app, payments)
    approved = [payment for payment in payments if payment.approved]
    assert len(approved) <= max(taken, 1)
    orders = [payment.order_reference for payment in approved]
    assert len(set(orders)) == len(orders), "each order is paid once"
    if taken and world.behaviour.link == "whole":
        assert len(approved) == taken
    app.database.close()
