"""A cardholder joins the loyalty programme on the shipped reader, on its own runtime and heap, after paying."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from host.loyalty.model import Basis, Conditions, Counter, Earning, MemberView, Offer, Programme
from host.money import Money
from host.payment.model import Payment
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard

NUMBER = "0612345678"
PROGRAMME = Programme(
    "Les Amis du Fournil",
    (Earning(Counter.POINTS, Basis.AMOUNT, 1),),
    (),
    datetime(2026, 1, 1, tzinfo=UTC),
    Conditions("2026-11", {"fr": "1 point par euro, hors alcool et tabac."}, "https://fournil.example/f/2026-11"),
)
SHOWN_S = 20


async def buy(stack: Stack, card: str, interface: str) -> Payment:
    """A ticket of 12,50 at the till."""
    ticket = stack.app.till.open_ticket()
    stack.app.till.add_amount(ticket.id, Money(1250))
    simulated = SimulatedCard.load(card)
    holder = Cardholder(stack.reader).pay(simulated, card, interface, simulated.pin)
    payment, _ = await asyncio.gather(stack.app.till.pay(ticket.id), holder)
    return payment


async def follow(stack: Stack, *steps: tuple[str, str]) -> None:
    """At each screen these keys; the number's stands for its digits."""
    for screen, keys in steps:
        await stack.reader.shows(screen, SHOWN_S)
        await stack.reader.press(*keys.split())


async def joins(stack: Stack, number: str = NUMBER, sms: str = "OK") -> None:
    await follow(
        stack,
        ("loyalty_offer", "OK"),
        ("enter_mobile", " ".join(number) + " OK"),
        ("loyalty_conditions", "1"),
        ("loyalty_full_text", "OK"),
        ("loyalty_conditions", "OK"),
        ("ask_sms", sms),
    )
    await stack.reader.shows("loyalty_joined", SHOWN_S)
    await stack.reader.press("OK")


def greeting(stack: Stack, payment: Payment) -> Offer | MemberView | None:
    assert payment.card is not None
    return stack.app.loyalty.greeting(payment.card.token, payment.card.par_token)


@pytest.mark.covers("services/L-6", "services/L-8", "terminal/LAW-13")
@pytest.mark.parametrize(
    ("runtime", "interface"), [("micropython", "contactless"), ("micropython", "contact"), ("cpython", "contact")]
)
def test_a_cardholder_joins_after_paying(tmp_path: Path, runtime: str, interface: str) -> None:
    async def shop() -> None:
        async with Stack(tmp_path, runtime=runtime) as stack:
            stack.app.loyalty.programmes.publish(PROGRAMME, {})
            payment = await buy(stack, "cb_visa_debit", interface)
            await joins(stack, sms="2 OK")
            member = greeting(stack, payment)
            assert isinstance(member, MemberView) and not member.confirmed
            consents = stack.app.loyalty.members.profile(member.member_id).consents
            assert {(each.subject, each.answer) for each in consents} == {("conditions", True), ("sms_offers", True)}
            await stack.reader.shows("idle", 10)
            again = await buy(stack, "cb_visa_debit", interface)
            assert again.approved
            await stack.reader.shows("loyalty_member", 10)

    asyncio.run(shop())
    keeps_nothing(tmp_path / "reader")


def keeps_nothing(folder: Path) -> None:
    """Neither storage nor logs of the reader hold the number, as text or packed."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        for form in (NUMBER[1:].encode(), bytes.fromhex(NUMBER), NUMBER[1:].encode().hex().encode()):
            assert form not in content, path


def test_one_key_refuses_and_the_card_is_not_asked_again(tmp_path: Path) -> None:
    async def shop() -> None:
        async with Stack(tmp_path) as stack:
            stack.app.loyalty.programmes.publish(PROGRAMME, {})
            payment = await buy(stack, "cb_visa_debit", "contactless")
            await follow(stack, ("loyalty_offer", "CANCEL"))
            await stack.reader.shows("idle", 10)
            assert greeting(stack, payment) is None

    asyncio.run(shop())


def test_the_next_sale_ends_an_offer_in_mid_number(tmp_path: Path) -> None:
    async def shop() -> None:
        async with Stack(tmp_path) as stack:
            stack.app.loyalty.programmes.publish(PROGRAMME, {})
            await buy(stack, "cb_visa_debit", "contact")
            await follow(stack, ("loyalty_offer", "OK"), ("enter_mobile", "0 6 1 2"))
            following = await buy(stack, "mastercard_credit", "contactless")
            assert following.approved
            await joins(stack)

    asyncio.run(shop())
