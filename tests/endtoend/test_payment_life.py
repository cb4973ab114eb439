"""A payment's life over the whole road: copied, cancelled, and the acquirer told; refunded; sealed is too late."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from host.money import Money
from host.payment.errors import RefundBeyond, TooLate
from host.payment.model import Payment
from host.payment.states import State
from tools.demo.cardholder import Cardholder, quiet
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard


async def refund(stack: Stack, sale: Payment, amount_minor: int) -> Payment:
    card = SimulatedCard.load("cb_visa_debit")
    cardholder = Cardholder(stack.reader, quiet).pay(card, "cb_visa_debit", "contact", card.pin)
    refunding = stack.app.payments.refund(sale.transaction_id, Money(amount_minor), f"refund {amount_minor}")
    payment, _ = await asyncio.gather(refunding, cardholder)
    return payment


@pytest.mark.covers("terminal/T-R09")
def test_a_sale_is_copied_cancelled_and_the_acquirer_told(tmp_path: Path) -> None:
    async def life() -> None:
        async with Stack(tmp_path) as stack:
            sale = await sell(stack, "cb_visa_debit", "contact")
            with stack.app.database.transaction() as work:
                copy = stack.app.payments.copies.find(work, [sale.transaction_id or b""])[sale.transaction_id or b""]
            assert (copy.line.amount, copy.brand) == (Money(1250), "cb")
            assert copy.aid and copy.line.mac and copy.line.taken_at
            assert (await stack.app.payments.void(sale.request_id)).state is State.VOIDED
            assert await stack.app.payments.advising.send(sale.transaction_id or b"")

    asyncio.run(life())


@pytest.mark.covers("terminal/T-R08", "terminal/T-R09")
def test_a_sealed_sale_is_refunded(tmp_path: Path) -> None:
    async def life() -> None:
        async with Stack(tmp_path) as stack:
            sale = await sell(stack, "cb_visa_debit", "contact")
            seal = await stack.terminal.close_day(stack.terminal.welcome["number"], 20261122)
            assert seal["count"] == 1
            with pytest.raises(TooLate):
                await stack.app.payments.void(sale.request_id)
            assert (await refund(stack, sale, 1000)).approved
            with pytest.raises(RefundBeyond):
                await stack.app.payments.refund(sale.transaction_id, Money(251), "too much")

    asyncio.run(life())
