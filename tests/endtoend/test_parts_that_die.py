"""Kill the radio, the reader or the acquirer in mid sale: the sale is not approved, and the next one works."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard


async def sale_with(stack: Stack, part: str) -> Payment:
    """The payment as the till has it after `part` died while the cardholder was to type the PIN."""
    card = SimulatedCard.load("cb_visa_debit")
    paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250), "doomed"))
    await stack.reader.shows("present_card")
    await stack.reader.insert(card)
    await stack.reader.shows("enter_pin")
    await {"radio": stack.reader.kill_radio, "reader": stack.reader.kill_reader, "acquirer": stack.acquirer.kill}[
        part
    ]()
    if part != "reader":
        await stack.reader.press(*card.pin, "OK")
        await stack.reader.shows("declined", 60)  # with a dead radio, when the reader has waited long enough
        await stack.reader.remove()
    if part == "acquirer":
        await asyncio.wait_for(paying, 60)
    paying.cancel()
    payment = stack.app.payments.of_order("doomed")
    assert payment is not None
    return payment


@pytest.mark.parametrize("part", ["radio", "reader", "acquirer"])
@pytest.mark.covers("faults/I4")
def test_a_sale_is_not_approved_when_a_part_dies(tmp_path: Path, part: str) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            payment = await sale_with(stack, part)
            assert not payment.approved
            assert payment.ledger_entry is None

    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R20", "terminal/T-R22")
def test_after_a_power_cut_the_reader_tells_how_it_ended_and_the_next_sale_works(tmp_path: Path) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250), "cut"))
            await stack.reader.shows("present_card")
            await stack.reader.insert(SimulatedCard.load("cb_visa_debit"))
            await stack.reader.shows("enter_pin")
            await stack.reader.kill_reader()
            await stack.reader.remove()
            await stack.reader.start_reader()
            payment = await asyncio.wait_for(paying, 60)
            assert (payment.state, payment.why) == (State.DECLINED, "interrupted_before_online")
            assert (await sell(stack, "cb_visa_debit", "contact")).approved

    asyncio.run(sale())
