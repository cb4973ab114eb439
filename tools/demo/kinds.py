"""What the till has no button for, tried with an emulated reader: other kinds of payment, and a card that signs."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from secrets import token_bytes
from typing import Any, TypeVar

from host.acquirer.caaa_link import CaaaLink
from host.clock import SystemClock
from host.money import EUR, Money
from host.payment.attempt import answer_fields, authorisation_request
from host.terminal.client import CardSignature, ReaderClient
from host.terminal.errors import TerminalError
from tools.demo.cardholder import Cardholder, Told, quiet
from tools.demo.once import say
from tools.demo.stack import Stack
from tools.simulators import cap
from tools.simulators.acquirer.authoriser import PARTIES
from tools.simulators.card import SimulatedCard

T = TypeVar("T")
KINDS = ("purchase", "cash_back", "refund", "verification")
DEADLINE_S = 20


def minor_units(amount: str) -> int:
    """ "12.50" -> 1250. Raises ValueError."""
    try:
        minor = Decimal(amount).scaleb(EUR.exponent)
    except InvalidOperation:
        raise ValueError(amount) from None
    if minor != minor.to_integral_value() or minor < 0:
        raise ValueError(amount)
    return int(minor)


async def transact(
    stack: Stack, kind: str, card: str, interface: str, amount_minor: int, cash_minor: int = 0, told: Told = quiet
) -> dict[str, Any]:
    """The reader's result; the stack's acquirer has its say, and no books are kept. Raises TerminalError."""
    link = CaaaLink(stack.acquirer.url + "/caaa", PARTIES, DEADLINE_S)
    wishes: dict[str, Any] = {"kind": kind} | ({"amount_other_minor": cash_minor} if cash_minor else {})

    async def authorise(question: dict[str, Any]) -> dict[str, Any]:
        asked = authorisation_request(question, Money(question["amount_minor"]), SystemClock().now())
        return answer_fields(await link.authorise(asked))

    def progress(phase: str, _transaction_id: bytes) -> None:
        told(phase)

    asking = stack.terminal.take_payment(token_bytes(8), amount_minor, EUR.numeric, authorise, progress, **wishes)
    simulated = SimulatedCard.load(card)
    asked = "merchant_code" if kind == "refund" else "present_card"
    holder = Cardholder(stack.reader, told).pay(simulated, card, interface, simulated.pin, asked=asked)
    try:
        return await _beside(holder, asking)
    finally:
        await link.close()


async def sign(
    stack: Stack, card: SimulatedCard, challenge: str, amount_minor: int | None = None, told: Told = quiet
) -> CardSignature:
    """Raises TerminalError."""

    def progress(phase: str, _transaction_id: bytes) -> None:
        told(phase)

    holder = Cardholder(stack.reader, told).pay(
        card, card.personalisation.mark, "contact", card.pin, asked="confirm_signature"
    )
    return await _beside(holder, stack.terminal.sign_with_card(challenge, amount_minor, progress))


def is_genuine(card: SimulatedCard, signature: CardSignature, challenge: str, amount_minor: int | None = None) -> bool:
    """As the card's issuer finds by computing the same."""
    person, counter = card.personalisation, int.from_bytes(signature.signed_data[1:3], "big")
    computed = [cap.answer(person, each, counter, challenge, amount_minor or 0) for each in person.contact]
    return signature.signed_data in computed


async def _beside(holder: Awaitable[None], asking: Awaitable[T]) -> T:
    """The cardholder follows the screen while the reader is asked, and leaves when it refuses."""
    following = asyncio.ensure_future(holder)
    try:
        answer = await asking
        await following
        return answer
    finally:
        following.cancel()


async def main_pay(kind: str, card: str, interface: str, amount_minor: int, cash_minor: int) -> int:
    """A line of JSON for each step; 0 when it was approved."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder)) as stack:
            try:
                result = await transact(stack, kind, card, interface, amount_minor, cash_minor, _step)
            except TerminalError as error:
                say(refused=error.code)
                return 1
    shown = ("outcome", "why", "amount_minor", "amount_other_minor", "interface", "cvm", "last4", "label", "brand")
    say(kind=kind, **{name: result[name] for name in shown if name in result})
    return 0 if result["outcome"] == "approved" else 1


async def main_sign(card: str, challenge: str, amount_minor: int | None) -> int:
    """The same for a card that signs; 0 when its issuer knows the response."""
    simulated = SimulatedCard.load(card)
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder)) as stack:
            try:
                signature = await sign(stack, simulated, challenge, amount_minor, _step)
            except TerminalError as error:
                say(refused=error.code)
                return 1
    genuine = is_genuine(simulated, signature, challenge, amount_minor)
    say(response=signature.response, signed_data=signature.signed_data.hex(), genuine=genuine)
    return 0 if genuine else 1


async def main_sign_at(terminal: ReaderClient, challenge: str, amount_minor: int | None) -> int:
    """At a reader that is there: whoever stands before it confirms, inserts the card and types the PIN."""
    try:
        signature = await terminal.sign_with_card(challenge, amount_minor, lambda phase, _: _step(phase))
    except TerminalError as error:
        say(refused=error.code)
        return 1
    finally:
        await terminal.close()
    say(response=signature.response, signed_data=signature.signed_data.hex())
    return 0


def _step(step: str, **facts: Any) -> None:
    say(step=step, **facts)
