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


async def sell(
    stack: Stack, card: str, interface: str, amount_minor: int = 1250, told: Told = quiet, brand_key: str = ""
) -> Payment:
    """The payment at its end; `card` is a file of tools/simulators/cards. Raises TimeoutError after 20 s.

    `brand_key` is what the cardholder presses where a brand can be chosen.
    """
    simulated = SimulatedCard.load(card)
    cardholder = Cardholder(stack.reader, told).pay(simulated, card, interface, simulated.pin, brand_key=brand_key)
    paying = stack.app.payments.take_payment(Money(amount_minor), f"order-{next(_orders)}")
    payment, _ = await asyncio.gather(paying, cardholder)
    return payment
