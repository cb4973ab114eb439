"""Co-badged cards over the whole road: the merchant's brand goes first, the cardholder takes another, both ways."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from host.payment.model import Payment
from host.payment.states import State
from host.point_of_sale.receipt_text import as_text
from tools.demo.cardholder import Cardholder
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard

KEYS = {"cb": "1", "visa": "2", "mastercard": "3"}
AIDS = {"cb": "A0000000421010", "visa": "A0000000031010", "mastercard": "A0000000041010"}


def brand_of(payment: Payment) -> tuple[Any, ...]:
    assert payment.approved, payment.why
    assert payment.card is not None
    return payment.card.brand, payment.card.brand_by


@pytest.mark.parametrize("interface", ["contact", "contactless"])
@pytest.mark.parametrize("cb_goes_first", [True, False])
@pytest.mark.parametrize(("card", "scheme"), [("cb_visa_debit", "visa"), ("cb_mastercard_debit", "mastercard")])
@pytest.mark.covers("terminal/LAW-1", "terminal/LAW-3", "terminal/LAW-4")
def test_the_merchants_brand_and_the_cardholders(
    tmp_path: Path, card: str, scheme: str, cb_goes_first: bool, interface: str
) -> None:
    default, other = ("cb", scheme) if cb_goes_first else (scheme, "cb")

    async def sales() -> None:
        async with Stack(tmp_path, default_brand=default) as stack:
            silent = await sell(stack, card, interface)
            assert brand_of(silent) == (default, "merchant")
            chosen = await sell(stack, card, interface, brand_key=KEYS[other])
            assert brand_of(chosen) == (other, "cardholder")
            assert bytes.fromhex("8407" + AIDS[other]) in chosen.icc_data
            assert stack.app.payments.get(chosen.request_id).card == chosen.card
            journal = await stack.terminal.status(request_id=chosen.request_id)
            assert (journal["brand"], journal["brand_by"]) == (other, "cardholder")

    asyncio.run(sales())


@pytest.mark.covers("terminal/LAW-1")
def test_the_profile_of_france_has_cb_go_first(tmp_path: Path) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            assert brand_of(await sell(stack, "cb_visa_debit", "contactless")) == ("cb", "merchant")

    asyncio.run(sale())


@pytest.mark.covers("terminal/LAW-2", "terminal/LAW-4")
def test_without_a_preselection_the_cardholder_is_asked_and_taps_again(tmp_path: Path) -> None:
    async def sales() -> None:
        async with Stack(tmp_path, default_brand="none") as stack:
            chip = await sell(stack, "cb_visa_debit", "contact")
            assert brand_of(chip) == ("cb", "cardholder")
            assert "choose_application" in stack.reader.pictures
            simulated = SimulatedCard.load("cb_visa_debit")
            tapping = Cardholder(stack.reader).pay(simulated, "cb_visa_debit", "contactless", simulated.pin)
            ticket = stack.app.till.open_ticket()
            stack.app.till.add_article(ticket.id, stack.app.till.articles()[0].id)
            tap, _ = await asyncio.gather(stack.app.till.pay(ticket.id), tapping)
            assert brand_of(tap)[1] == "cardholder"
            assert "present_again" in stack.reader.pictures
            assert "choix du client" in as_text(stack.app.till.receipt(ticket.id, "customer", "fr"))

    asyncio.run(sales())


@pytest.mark.covers("terminal/LAW-32")
def test_a_tap_that_the_issuer_answers_with_65_goes_on_by_chip(tmp_path: Path) -> None:
    async def sale() -> None:
        async with Stack(tmp_path) as stack:
            simulated = SimulatedCard.load("taps_used_up")
            ticket = stack.app.till.open_ticket()
            stack.app.till.add_article(ticket.id, stack.app.till.articles()[0].id)
            paying = asyncio.create_task(stack.app.till.pay(ticket.id))
            holder = Cardholder(stack.reader)
            await holder.pay(simulated, "taps_used_up", "contactless", simulated.pin)
            await holder.pay(simulated, "taps_used_up", "contact", simulated.pin, asked="ask_chip")
            payment = await paying
            assert (payment.state, payment.interface, payment.cvm) == (State.APPROVED, "contact", "offline_pin")

    asyncio.run(sale())
