"""One sale on the whole stack: the till asks, a cardholder follows the screen."""

from __future__ import annotations

import asyncio
from itertools import count

from host.money import Money
from host.payment.model import Payment
from tools.demo.cardholder import Cardholder, Told, quiet
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard

_orders = count(1)


async def sell(stack: Stack, card: str, interface: str, amount_minor: int = 1250, told: Told = quiet) -> Payment:
    """The payment at its end; `card` is a file of tools/simulators/cards. Raises TimeoutError after 20 s."""
    simulated = SimulatedCard.load(card)
    cardholder = Cardholder(stack.reader, told).pay(simulated, card, interface, simulated.pin)
    paying = stack.app.payments.take_payment(Money(amount_minor), f"order-{next(_orders)}")
    payment, _ = await asyncio.gather(paying, cardholder)
    return payment
