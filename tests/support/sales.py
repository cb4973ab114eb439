"""One sale on the whole stack, with a cardholder who follows the screen."""

from __future__ import annotations

import asyncio
from itertools import count

from host.money import Money
from host.payment.model import Payment
from tools.demo.cardholder import Cardholder
from tools.demo.stack import Stack
from tools.simulators.card import SimulatedCard

orders = count(1)


async def sell(stack: Stack, card: str | SimulatedCard, interface: str, amount_minor: int = 1250) -> Payment:
    """The payment at its end. Raises TimeoutError when there is none in 20 s."""
    simulated = SimulatedCard.load(card) if isinstance(card, str) else card
    cardholder = Cardholder(stack.reader, lambda step, **facts: None)
    paying = stack.app.payments.take_payment(Money(amount_minor), f"order-{next(orders)}")
    payment, _ = await asyncio.gather(paying, cardholder.pay(simulated, "", interface, simulated.pin))
    return payment
