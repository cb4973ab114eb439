"""Sales over the whole road: simulated card, shipped firmware, link, till, acquirer process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tools.demo.sale import sell
from tools.demo.stack import Stack

RUNTIMES_AND_LINKS = [("micropython", "ble"), ("micropython", "serial"), ("cpython", "ble"), ("cpython", "serial")]


@pytest.mark.parametrize(("runtime", "link"), RUNTIMES_AND_LINKS)
@pytest.mark.covers("terminal/T-D3", "terminal/T-N02")
def test_chip_and_pin_then_tap_then_a_refusal(tmp_path: Path, runtime: str, link: str) -> None:
    async def sales() -> None:
        async with Stack(tmp_path, runtime=runtime, link=link) as stack:
            chip = await sell(stack, "cb_visa_debit", "contact")
            assert (chip.approved, chip.interface, chip.arqc_checked) == (True, "contact", True)
            tap = await sell(stack, "cb_visa_debit", "contactless")
            assert (tap.approved, tap.interface, tap.arqc_checked) == (True, "contactless", True)
            refused = await sell(stack, "declined", "contact")
            assert (refused.approved, refused.ledger_entry) == (False, None)
            assert chip.ledger_entry is not None
            assert tap.ledger_entry is not None
            assert len({chip.transaction_id, tap.transaction_id, refused.transaction_id}) == 3

    asyncio.run(sales())


@pytest.mark.parametrize(
    ("card", "interface", "approved"),
    [
        ("mastercard_credit", "contact", True),
        ("sda_legacy", "contact", True),
        ("phone_wallet", "contactless", True),
        ("mastercard_wallet", "contactless", True),
        ("expired", "contact", False),
    ],
)
def test_each_card_of_the_wallet(tmp_path: Path, card: str, interface: str, approved: bool) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            assert (await sell(stack, card, interface)).approved is approved

    asyncio.run(sale())


@pytest.mark.parametrize(("amount_minor", "cvm"), [(5000, "none"), (5001, "online_pin")])
def test_a_mastercard_is_tapped_without_pin_up_to_fifty_euros(tmp_path: Path, amount_minor: int, cvm: str) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            payment = await sell(stack, "mastercard_credit", "contactless", amount_minor)
            assert (payment.approved, payment.interface, payment.cvm) == (True, "contactless", cvm)
            assert payment.arqc_checked

    asyncio.run(sale())
