"""A card in a PC/SC reader pays at the emulated reader: pcscd, pyscard, shipped firmware, till, acquirer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from host.money import Money
from tests.support import pcsc_daemon
from tools.demo.stack import Stack
from tools.emulator.pcsc import follow
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard
from tools.virtual_card import VirtualCard

pytestmark = [
    pytest.mark.needs_apt("pcscd"),
    pytest.mark.skipif(bool(pcsc_daemon.missing()), reason=pcsc_daemon.missing()),
]


@pytest.mark.parametrize("t0", [True, False], ids=["T=0", "T=1"])
def test_chip_and_pin_with_the_card_in_a_pcsc_reader(tmp_path: Path, t0: bool) -> None:
    card = SimulatedCard(personalisation.load("cb_visa_debit"), t0)

    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            following = asyncio.create_task(follow(stack.reader, pcsc_daemon.READERS[0]))
            paying = asyncio.create_task(stack.app.payments.take_payment(Money(1250), "pcsc"))
            await stack.reader.shows("present_card")
            with VirtualCard(card, "contact"):
                await stack.reader.shows("enter_pin", 60)
                await stack.reader.press(*card.pin, "OK")
                await stack.reader.shows("approved", 60)
            payment = await asyncio.wait_for(paying, 60)
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            assert (payment.approved, payment.arqc_checked, payment.interface) == (True, True, "contact")

    with pcsc_daemon.pcscd():
        asyncio.run(sale())
