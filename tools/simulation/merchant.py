"""The merchant at the till: takes payments, changes them, presses twice, and comes back to what did not end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from host.app import App
from host.money import EUR, Money
from host.payment.errors import PaymentError
from host.payment.model import Payment
from host.payment.ports import Message
from host.payment.states import State
from host.terminal.errors import TerminalError
from tools.simulation.bank import Bank
from tools.simulation.faults import Told
from tools.simulation.model import Model
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.shop import CONTRACT, until_cut_off
from tools.simulation.story import Operation
from tools.simulation.till import Till

_TRIES = 3
_ACCEPTS = 0.8  # a signature, a part of the amount

Ask = Callable[[App], Coroutine[Any, Any, Any]]


@dataclass
class Shop:
    till: Till
    reader: Reader
    cardholder: Cardholder
    bank: Bank


class Merchant:
    def __init__(
        self, shop: Shop, faults: Told, chance: Random, model: Model, tell: Callable[[str, str], None]
    ) -> None:
        self._shop = shop
        self._faults = faults
        self._chance = chance
        self._model = model
        self._tell = tell
        self._done: list[Payment | None] = []  # by operation
        self._orders = 0
        self._voided: set[str] = set()  # orders that nobody wants paid any more
        shop.till.confirms = self._confirm

    async def do(self, operation: Operation) -> None:
        self._done.append(None)
        self._done[-1] = await getattr(self, "_" + operation.kind)(operation)

    # ---- payments ----

    async def _sale(self, operation: Operation) -> Payment | None:
        amount = Money(operation.amount_minor, EUR)
        return await self._take(operation, lambda order: lambda app: app.payments.take_payment(amount, order))

    async def _tipped(self, operation: Operation) -> Payment | None:
        amount = Money(operation.amount_minor, EUR)
        tips = [10]  # another could make two totals equal
        return await self._take(
            operation, lambda order: lambda app: app.payments.take_payment(amount, order, tips=tips)
        )

    async def _offline(self, operation: Operation) -> Payment | None:
        amount = Money(operation.amount_minor, EUR)
        self._shop.bank.down = True
        try:
            return await self._take(
                operation,
                lambda order: lambda app: app.payments.take_payment(amount, order, store_and_forward=True),
            )
        finally:
            self._shop.bank.down = False

    async def _preauthorise(self, operation: Operation) -> Payment | None:
        amount = Money(operation.amount_minor, EUR)
        return await self._take(operation, lambda order: lambda app: app.payments.preauthorise(amount, order))

    async def _refund(self, operation: Operation) -> Payment | None:
        sale = self._done[operation.of] if operation.of >= 0 else None
        if sale is None or sale.transaction_id is None or not sale.approved:
            return None
        amount, original = Money(operation.amount_minor, EUR), sale.transaction_id
        return await self._take(operation, lambda order: lambda app: app.payments.refund(original, amount, order))

    async def _take(self, operation: Operation, of_order: Callable[[str], Ask]) -> Payment | None:
        """As often as it takes; the cardholder waits meanwhile."""
        self._orders += 1
        order = f"order {self._orders}"
        ask = of_order(order)
        self._model.asked(operation.kind, operation.amount_minor)
        self._tell("merchant", f"{operation.kind} {operation.amount_minor} {operation.card} {operation.interface}")
        self._shop.cardholder.comes(operation.card, operation.interface)
        fault = self._faults.at("press", operation.kind)
        if fault == "stop_key":
            self._shop.cardholder.stops_at = self._chance.choice(("present_card", "enter_pin", "ask_merchant"))
        payment = None
        for _ in range(_TRIES):
            beside = self._beside(fault, ask, order)
            payment = await self._ask(ask, order)
            if beside is not None:
                await asyncio.wait((beside,))
            if order in self._voided or (payment is not None and payment.finished and payment.why != "busy"):
                break
            fault = ""
            await asyncio.sleep(self._chance.uniform(1, 5))
        self._shop.cardholder.leaves()
        return payment

    def _beside(self, fault: str, ask: Ask, order: str) -> asyncio.Task | None:
        """What the merchant does while it runs."""
        if fault == "double_press":
            return asyncio.create_task(self._ask(ask, order))
        if fault in ("cancel", "late_cancel"):
            return asyncio.create_task(self._cancel(self._chance.uniform(0, 1 if fault == "cancel" else 4)))
        if fault == "void_at_once":
            return asyncio.create_task(self._void_of_order(order))
        if fault == "collect_beside":
            return asyncio.create_task(self._collect(None))
        return None

    async def _cancel(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self._tell("merchant", "cancels")
        await self._ask(lambda app: app.payments.cancel(), "cancel")

    def _confirm(self, app: App, _payment: Payment, question: Message) -> None:
        accepted = self._chance.random() < _ACCEPTS
        self._tell("merchant", f"{'accepts' if accepted else 'refuses'} {question['what']}")
        asyncio.get_running_loop().call_later(
            self._chance.uniform(0.1, 1.0), app.payments.answer, question["transaction_id"], accepted
        )

    # ---- what becomes of them ----

    async def _void(self, operation: Operation) -> None:
        sale = self._done[operation.of] if operation.of >= 0 else None
        if sale is not None:
            await self._void_payment(sale)

    async def _void_of_order(self, order: str) -> None:
        await asyncio.sleep(self._chance.uniform(1, 4))
        payment = await self._ask(lambda app: _now(app.payments.of_order, order), order)
        if payment is not None:
            await self._void_payment(payment)

    async def _void_payment(self, sale: Payment) -> None:
        self._tell("merchant", f"void {sale.amount.amount_minor}")
        self._voided.add(sale.order_reference)
        for _ in range(_TRIES):
            payment = await self._ask(lambda app: app.payments.void(sale.request_id), sale.order_reference)
            if payment is None or payment.state is not State.VOIDING:
                return

    async def _complete(self, operation: Operation) -> None:
        held = self._done[operation.of] if operation.of >= 0 else None
        if held is None:
            return
        self._tell("merchant", f"complete {held.amount.amount_minor} at {operation.amount_minor}")
        amount = Money(operation.amount_minor, EUR)
        self._model.completes(operation.amount_minor)
        for _ in range(_TRIES):
            payment = await self._ask(lambda app: app.payments.complete(held.request_id, amount), held.order_reference)
            if payment is None or payment.state is not State.COMPLETING:
                return

    async def _collect(self, _operation: Operation | None) -> None:
        self._tell("merchant", "collects")
        await self._ask(lambda app: app.telecollection.collect_now(CONTRACT.id), "collect")

    async def _evening(self, _operation: Operation) -> None:
        """Till and reader are off until shortly before the cut-off."""
        self._tell("merchant", "waits for the evening")
        await self.closed(until_cut_off(self._shop.till.clock.now()))
        await asyncio.sleep(60)

    # ---- switches ----

    async def closed(self, for_s: float) -> None:
        self._shop.reader.switch_off()
        self._shop.till.stop()
        await asyncio.sleep(for_s)
        self._shop.reader.switch_on()
        self._shop.till.start()

    async def _reboot(self, _operation: Operation) -> None:
        self._tell("merchant", "switches the reader off and on")
        self._shop.reader.switch_off()
        await asyncio.sleep(1)
        self._shop.reader.switch_on()

    async def _restart(self, _operation: Operation) -> None:
        self._tell("merchant", "kills the till")
        self._shop.till.kill()

    async def _ask(self, what: Ask, about: str) -> Any:
        """What the till says, told; None when it refuses, or died."""
        try:
            answer = await self._shop.till.ask(what)
        except (PaymentError, TerminalError) as error:
            self._tell("till", f"{about}: {error}")
            return None
        if isinstance(answer, Payment):
            self._tell("till", f"{about}: {answer.state} {answer.why}")
        return answer


async def _now(what: Callable[..., Any], *about: Any) -> Any:
    return what(*about)
