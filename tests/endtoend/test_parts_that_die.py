"""Kill the radio, the reader or the acquirer in mid sale: the sale is not approved, and the next one works."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from host.money import Money
from host.payment.model import Payment
from host.payment.states import State
from tests.support.sales import sell
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard


async def sale_with(stack: Stack, part: str, prompt: str) -> Payment | None:
    """The payment, asked for while `part` dies when the reader shows `prompt`; None when it is not over in time."""
    card = SimulatedCard.load("cb_visa_debit")
    paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250, "EUR"), "doomed"))
    await stack.reader.shows("present_card")
    await stack.reader.insert(card)
    await stack.reader.shows(prompt)
    await {"radio": stack.reader.kill_radio, "reader": stack.reader.kill_reader, "acquirer": stack.acquirer.kill}[
        part
    ]()
    if part != "reader":
        await stack.reader.press(*card.pin, "OK")
        await stack.reader.shows("remove_card", 60)
        await stack.reader.remove()
    done, _ = await asyncio.wait({paying}, timeout=20)
    if not done:
        paying.cancel()
        return None
    return paying.result()


@pytest.mark.parametrize("part", ["radio", "reader", "acquirer"])
@pytest.mark.covers("faults/I4")
def test_a_sale_is_not_approved_when_a_part_dies(tmp_path: Path, part: str) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            payment = await sale_with(stack, part, "enter_pin")
            stored = stack.app.payments.of_order("doomed")
            assert stored is not None
            assert stored.state is not State.APPROVED
            assert stored.ledger_entry is None
            assert payment is None or not payment.approved

    asyncio.run(sale())


@pytest.mark.covers("terminal/T-R20", "terminal/T-R22")
def test_after_a_power_cut_the_reader_tells_how_it_ended_and_the_next_sale_works(tmp_path: Path) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250, "EUR"), "cut"))
            await stack.reader.shows("present_card")
            await stack.reader.insert(SimulatedCard.load("cb_visa_debit"))
            await stack.reader.shows("enter_pin")
            await stack.reader.kill_reader()
            await stack.reader.remove()
            await stack.reader.start_reader()
            payment = await asyncio.wait_for(paying, 30)
            assert (payment.state, payment.why) == (State.DECLINED, "interrupted_before_online")
            assert (await sell(stack, "cb_visa_debit", "contact")).approved

    asyncio.run(sale())
