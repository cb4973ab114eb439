"""The merchant at the till: takes sales, presses twice, gives up, and comes back to what did not end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from host.app import App
from host.money import EUR, Money
from host.payment.model import Payment
from host.terminal.errors import TerminalError
from tools.simulation.faults import Faults
from tools.simulation.model import Model
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.story import Operation
from tools.simulation.till import Till

_TRIES = 3


class Merchant:
    def __init__(
        self,
        till: Till,
        reader: Reader,
        cardholder: Cardholder,
        faults: Faults,
        chance: Random,
        model: Model,
        tell: Callable[[str, str], None],
    ) -> None:
        self._till = till
        self._reader = reader
        self._cardholder = cardholder
        self._faults = faults
        self._chance = chance
        self._model = model
        self._tell = tell
        self._orders = 0

    async def do(self, operation: Operation) -> None:
        await getattr(self, "_" + operation.kind)(operation)

    async def books(self) -> list[Payment]:
        """The till's payments, as it tells them."""
        return await self._till.ask(_books)

    async def _sale(self, operation: Operation) -> None:
        self._orders += 1
        order, amount = f"order {self._orders}", Money(operation.amount_minor, EUR)
        self._model.asked(operation.amount_minor)
        self._tell("merchant", f"sale {operation.amount_minor} {operation.card} {operation.interface}")
        self._cardholder.comes(operation.card, operation.interface)
        fault = self._faults.at("press", "sale")
        if fault == "stop_key":
            self._cardholder.stops_at = self._chance.choice(("present_card", "enter_pin", "wait"))
        for _ in range(_TRIES):
            beside = self._beside(fault, amount, order)
            payment = await self._pay(amount, order)
            if beside is not None:
                await asyncio.wait((beside,))
            if payment is not None and payment.finished:
                break
            fault = ""
            await asyncio.sleep(self._chance.uniform(1, 10))
        self._cardholder.leaves()

    async def _pay(self, amount: Money, order: str) -> Payment | None:
        payment = await self._till.ask(lambda app: app.payments.take_payment(amount, order))
        self._tell("till", f"{order}: {payment.state} {payment.why}" if payment else f"{order}: no answer")
        return payment

    def _beside(self, fault: str, amount: Money, order: str) -> asyncio.Task | None:
        """What the merchant does while the sale runs."""
        if fault == "double_press":
            return asyncio.create_task(self._pay(amount, order))
        if fault in ("cancel", "late_cancel"):
            return asyncio.create_task(self._cancel(self._chance.uniform(0, 2 if fault == "cancel" else 12)))
        return None

    async def _cancel(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self._tell("merchant", "cancels")
        try:
            await self._till.ask(lambda app: app.payments.cancel())
        except TerminalError as error:
            self._tell("till", error.code)

    async def _reboot(self, _operation: Operation) -> None:
        self._tell("merchant", "switches the reader off and on")
        self._reader.switch_off()
        await asyncio.sleep(1)
        self._reader.switch_on()

    async def _restart(self, _operation: Operation) -> None:
        self._tell("merchant", "kills the till")
        self._till.kill()


async def _books(app: App) -> list[Payment]:
    from sqlalchemy import select

    from host.payment.store import payments

    with app.database.transaction() as work:
        ids = work.execute(select(payments.c.request_id).order_by(payments.c.requested_at, payments.c.request_id)).all()
    return [app.payments.get(row.request_id) for row in ids]
