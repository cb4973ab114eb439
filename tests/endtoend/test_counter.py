"""The merchant's counter and desk on the shipped reader: tips, cancellations, refunds, reservations, questions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from host.money import Money
from host.payment.day_book import Entry
from host.payment.model import Payment
from host.payment.states import State
from host.point_of_sale.checkout import Checkout, Wishes
from host.point_of_sale.desk import Desk
from host.point_of_sale.model import TicketState
from host.point_of_sale.turn import Turn
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard

DEADLINE_S = 30


async def at_once() -> None:
    pass


class Counter:
    """Checkout and desk of one stack; `says` is what the merchant answers to each question."""

    def __init__(self, stack: Stack, says: bool = True) -> None:
        app = stack.app
        self.stack, self.app, self.says = stack, app, says
        self.checkout = Checkout(app.till, app.payments, at_once, (10,))
        self.desk = Desk(app.payments, app.book, app.till, app.clock, at_once)
        self.asked: list[tuple[str, int]] = []
        self.checkout.listen(self._answer)

    def _answer(self) -> None:
        question = self.checkout.question
        if question is not None:
            self.asked.append((question.what, question.offered.amount_minor))
            self.checkout.answer(self.says)

    async def sell(self, amount: Money, card: str = "cb_visa_debit", asked: str = "present_card") -> Entry:
        self.checkout.add_amount(amount)
        await self.over(self.checkout, self.checkout.pay, self.holder(card, asked))
        assert self.checkout.payment is not None
        return self.entry(self.checkout.payment.request_id)

    def holder(self, card: str, asked: str = "present_card") -> Awaitable[None]:
        simulated = SimulatedCard.load(card)
        return Cardholder(self.stack.reader).pay(simulated, card, "contact", simulated.pin, DEADLINE_S, asked=asked)

    async def over(self, turn: Turn, begin: Callable[[], None], holder: Awaitable[None] | None = None) -> None:
        ended = asyncio.Event()
        stop = turn.listen(lambda: None if turn.phases else ended.set())
        begin()
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(ended.wait(), *([holder] if holder else []))
        stop()

    def entry(self, request_id: bytes) -> Entry:
        entry = self.desk.entry(request_id)
        assert entry is not None
        return entry

    async def settled(self, request_id: bytes) -> State:
        """Once the acquirer has answered what it is owed."""
        payment = self.entry(request_id).payment
        await self.over(self.desk, lambda: self.desk.ask_again(payment))
        return self.entry(request_id).payment.state


async def reserved(counter: Counter) -> Payment:
    desk = counter.desk
    begin = partial(desk.preauthorise, Money(10000), desk.reference("P"))
    await counter.over(desk, begin, counter.holder("cb_visa_debit"))
    assert desk.payment is not None and desk.payment.state is State.AUTHORISED
    return desk.payment


@pytest.mark.covers("terminal/T-R06", "terminal/T-R08", "terminal/T-R09")
def test_a_tip_then_a_cancellation_then_a_refund_in_two_parts(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path) as stack:
            counter = Counter(stack)
            desk = counter.desk
            counter.checkout.wishes = Wishes(tip=True)
            tipped = await counter.sell(Money(1250), asked="choose_tip")
            assert (tipped.payment.paid, tipped.payment.tip_minor) == (Money(1375), 125)
            assert counter.checkout.ticket.state is TicketState.PAID
            await counter.over(desk, lambda: desk.void(tipped.payment))
            assert desk.payment and desk.payment.state is State.VOIDED
            counter.checkout.wishes = Wishes()
            sold = await counter.sell(Money(2000))
            for part in (Money(1500), Money(500)):
                reference = desk.refund_reference(counter.entry(sold.payment.request_id))
                refund = partial(desk.refund, sold.payment, part, reference)
                await counter.over(desk, refund, counter.holder("cb_visa_debit"))
                assert desk.payment and desk.payment.approved, desk.payment
            rest = counter.entry(sold.payment.request_id)
            assert not rest.refundable and not rest.voidable

    asyncio.run(day())


@pytest.mark.covers("terminal/T-R11")
def test_a_reservation_is_completed_below_what_is_held_and_another_is_given_up(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path) as stack:
            counter = Counter(stack)
            desk = counter.desk
            held = await reserved(counter)
            await counter.over(desk, lambda: desk.complete(held, Money(8050)))
            assert desk.payment and desk.payment.approved and desk.payment.paid == Money(8050)
            given_up = await reserved(counter)
            await counter.over(desk, lambda: desk.complete(given_up, Money(0)))
            assert await counter.settled(given_up.request_id) is State.REVERSED

    asyncio.run(day())


@pytest.mark.covers("terminal/T-R07", "terminal/T-R16")
def test_a_part_is_accepted_and_the_rest_is_paid_by_another_card(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path) as stack:
            counter = Counter(stack)
            part = await counter.sell(Money(2500), "prepaid")
            assert counter.asked[0] == ("partial_amount", 2000)
            assert part.payment.approved and part.payment.paid == Money(2000)
            assert (counter.checkout.ticket.state, counter.checkout.due) == (TicketState.PART_PAID, Money(500))
            await counter.over(counter.checkout, counter.checkout.pay, counter.holder("cb_visa_debit"))
            assert counter.checkout.ticket.state is TicketState.PAID
            paid = [payment.paid.amount_minor for payment in stack.app.till.payments_of(counter.checkout.ticket)]
            assert paid == [2000, 500]

    asyncio.run(day())


@pytest.mark.covers("terminal/T-R07")
def test_a_part_that_the_merchant_refuses_is_not_paid_and_the_bank_is_told(tmp_path: Path) -> None:
    async def day() -> None:
        async with Stack(tmp_path) as stack:
            counter = Counter(stack, says=False)
            refused = await counter.sell(Money(2500), "prepaid")
            assert [name for name, _ in counter.asked] == ["partial_amount"]
            assert refused.payment.state is State.REVERSAL_DUE
            assert counter.checkout.ticket.state is TicketState.OPEN
            assert await counter.settled(refused.payment.request_id) is State.REVERSED

    asyncio.run(day())
