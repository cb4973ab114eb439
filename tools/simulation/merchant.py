"""The merchant at the tills: takes payments, changes them, presses twice, and comes back to what did not end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import time
from random import Random
from typing import Any

from host.app import App
from host.money import EUR, Money
from host.payment.errors import PaymentError
from host.payment.model import Payment
from host.payment.ports import Message
from host.payment.states import State
from host.telecollection.errors import TelecollectionError
from host.terminal.errors import TerminalError
from tools.simulation.bank import Bank
from tools.simulation.faults import Told
from tools.simulation.heeding import Heeding
from tools.simulation.model import Model
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.shop import CONTRACT, until, until_cut_off
from tools.simulation.story import Operation
from tools.simulation.till import Till

_TRIES = 3
_MOST_PRESSES = 9  # beside the first (faults/R-04)
_DRAIN_S = 14.0  # as long as an offline sale with an acquirer that is silent
_ACCEPTS = 0.8  # a signature, a part of the amount
_DOWN = ("unreachable", "silent", "deaf")  # what an acquirer is that is out of reach
_HOURS = (time(23, 59, 30), time(1, 59, 30), time(2, 59, 30))
_MORNING = time(9)
_HOLIDAYS_S = 31 * 24 * 3600.0

Ask = Callable[[App], Coroutine[Any, Any, Any]]


@dataclass
class Shop:
    till: Till
    reader: Reader
    cardholder: Cardholder
    bank: Bank


class Merchant:
    """`shops`: the counters, one or two."""

    def __init__(
        self, shop: Shop, faults: Told, chance: Random, model: Model, tell: Callable[[str, str], None], *others: Shop
    ) -> None:
        self._shop = shop  # where the operation is
        self._shops = (shop, *others)
        self._faults = faults
        self._chance = chance
        self._model = model
        self._tell = tell
        self._done: list[Payment | None] = []  # by operation
        self._orders = 0
        self._asked: tuple[str, int, Ask, str]  # kind, amount and question of the last order
        self._aside: asyncio.Task | None = None
        self._voided: set[str] = set()  # orders that nobody wants paid any more
        self.heeding = Heeding(self._shops, self._ask, model, tell)
        for each in self._shops:
            each.till.confirms = self._confirm

    async def do(self, operation: Operation) -> None:
        self._shop = self._shops[operation.counter]
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
        self._shop.bank.down = self._chance.choice(_DOWN)
        try:
            return await self._take(
                operation,
                lambda order: lambda app: app.payments.take_payment(amount, order, store_and_forward=True),
            )
        finally:
            self._shop.bank.down = ""

    async def _sale_aside(self, operation: Operation) -> None:
        """And turns to something else meanwhile."""
        self._aside = asyncio.create_task(self._sale(operation))

    async def _offline_aside(self, operation: Operation) -> None:
        self._aside = asyncio.create_task(self._offline(operation))

    async def _again_there(self, _operation: Operation) -> Payment | None:
        """The order that was asked for last, at the last counter."""
        kind, amount_minor, ask, order = self._asked
        self._model.asked(kind, amount_minor, len(self._shops) - 1)
        return await self._ask(ask, order, self._shops[-1])

    async def _drain(self, operation: Operation) -> Payment | None:
        """One more offline sale; what there is leaves at any moment of it. Only questions get no answer."""
        self._shop.bank.down_to = "AUTQ"
        beside = asyncio.create_task(self._collect_after(self._chance.uniform(0, _DRAIN_S)))
        try:
            return await self._offline(operation)
        finally:
            await asyncio.wait((beside,))
            self._shop.bank.down_to = ""

    async def _collect_after(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self._collect(None)

    async def _preauthorise(self, operation: Operation) -> Payment | None:
        amount = Money(operation.amount_minor, EUR)
        return await self._take(operation, lambda order: lambda app: app.payments.preauthorise(amount, order))

    async def _refund(self, operation: Operation) -> Payment | None:
        """Of a sale, or by the merchant's code."""
        sale = self._done[operation.of] if operation.of >= 0 else None
        if operation.of >= 0 and not (sale and sale.approved):
            return None
        amount, original = Money(operation.amount_minor, EUR), sale.transaction_id if sale else None
        return await self._take(operation, lambda order: lambda app: app.payments.refund(original, amount, order))

    async def _take(self, operation: Operation, of_order: Callable[[str], Ask]) -> Payment | None:
        """As often as it takes; the cardholder waits meanwhile."""
        self._orders += 1
        order = f"order {self._orders}"
        ask = of_order(order)
        self._asked = (operation.kind.removesuffix("_aside"), operation.amount_minor, ask, order)
        self._model.asked(self._asked[0], operation.amount_minor, operation.counter)
        self._tell("merchant", f"{operation.kind} {operation.amount_minor} {operation.card} {operation.interface}")
        self._shop.cardholder.comes(operation.card, operation.interface)
        fault = self._faults.at("press", operation.kind)
        if fault == "other_till":
            self._model.asked(operation.kind, operation.amount_minor, len(self._shops) - 1)
        if fault == "stop_key":
            self._shop.cardholder.stops_at = self._chance.choice(("present_card", "enter_pin", "ask_merchant"))
        payment = None
        for _ in range(operation.tries):
            beside = self._beside(fault, ask, order, operation.beside_s)
            payment = await self._ask(ask, order)
            if beside is not None:
                await asyncio.wait((beside,))
            if order in self._voided or (payment is not None and payment.finished and payment.why != "busy"):
                break
            fault = ""
            await asyncio.sleep(self._chance.uniform(1, 5))
        self._shop.cardholder.leaves()
        return payment

    def _beside(self, fault: str, ask: Ask, order: str, after_s: float) -> asyncio.Task | None:
        """What the merchant does while it runs."""
        if fault == "double_press":
            return asyncio.create_task(self._press(ask, order, self._chance.randint(1, _MOST_PRESSES)))
        if fault == "other_till":
            return asyncio.create_task(self._ask_there(ask, order, after_s))
        if fault in ("cancel", "late_cancel"):
            return asyncio.create_task(self._cancel(self._chance.uniform(0, 1 if fault == "cancel" else 4)))
        if fault == "void_at_once":
            return asyncio.create_task(self._void_of_order(order))
        if fault == "collect_beside":
            return asyncio.create_task(self._collect(None))
        return None

    async def _ask_there(self, ask: Ask, order: str, after_s: float) -> None:
        if after_s:
            await asyncio.sleep(after_s)
        await self._ask(ask, order, self._shops[-1])

    async def _press(self, ask: Ask, order: str, times: int) -> None:
        """Again and again, before there is an answer."""
        for _ in range(times):
            asyncio.create_task(self._ask(ask, order))
            await asyncio.sleep(self._chance.uniform(0, 0.5))

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
        """At all tills at once."""
        self._tell("merchant", "collects")
        await asyncio.gather(*[self._ask(_collect_now, "collect", shop) for shop in self._shops])

    async def _collect_aside(self, _operation: Operation) -> None:
        self._aside = asyncio.create_task(self._collect(None))

    async def _evening(self, _operation: Operation) -> None:
        """Till and reader are off until shortly before the cut-off."""
        self._tell("merchant", "waits for the evening")
        await self.closed(until_cut_off(self._shop.till.clock.now()))
        await asyncio.sleep(60)

    async def _night(self, _operation: Operation) -> None:
        """Shortly before an hour at which a day or a clock changes."""
        hour = self._chance.choice(_HOURS)
        self._tell("merchant", f"is open until {hour}")
        await self.closed(until(hour, self._shop.till.clock.now()))

    async def _until_morning(self, _operation: Operation) -> None:
        """Everything stays switched on."""
        await asyncio.sleep(until(_MORNING, self._shop.till.clock.now()))

    async def _until_night(self, _operation: Operation) -> None:
        """Until after the cut-off."""
        await asyncio.sleep(until_cut_off(self._shop.till.clock.now()) + 2 * 60)

    async def _holidays(self, _operation: Operation) -> None:
        """Longer than a pre-authorisation is valid."""
        self._tell("merchant", "is on holidays")
        await self.closed(_HOLIDAYS_S)
        await asyncio.sleep(60)

    async def _heed(self, _operation: Operation | None) -> bool:
        """Was there anything to be done about alerts?"""
        troubled = await self.heeding.heed()
        if troubled:
            await self._collect_in_turn()
        return troubled

    async def _collect_in_turn(self) -> None:
        """Each till closes the day of its own reader."""
        for shop in self._shops:
            self._tell("merchant", f"collects at {shop.reader.board.serial}")
            await self._ask(_collect_now, "collect", shop)

    async def settled(self) -> None:
        """In the evening: one of the tills has collected."""
        if len(self._shops) > 1:
            await self._collect_in_turn()
        for _ in range(_TRIES):
            if not await self._heed(None):
                return

    # ---- switches ----

    async def closed(self, for_s: float) -> None:
        for shop in self._shops:
            shop.reader.switch_off()
            shop.till.stop()
        await asyncio.sleep(for_s)
        for shop in self._shops:
            shop.reader.switch_on()
            shop.till.start()

    async def _reboot(self, _operation: Operation) -> None:
        self._tell("merchant", "switches the reader off and on")
        self._shop.reader.switch_off()
        await asyncio.sleep(1)
        self._shop.reader.switch_on()

    async def _destroy(self, _operation: Operation) -> None:
        await self.heeding.destroyed(self._shop)

    async def _restart(self, _operation: Operation) -> None:
        self._tell("merchant", "kills the till")
        self._shop.till.kill()

    async def _ask(self, what: Ask, about: str, shop: Shop | None = None) -> Any:
        """What the till says, told; None when it refuses, or died."""
        try:
            answer = await (shop or self._shop).till.ask(what)
        except (PaymentError, TerminalError, TelecollectionError) as error:
            self._tell("till", f"{about}: {error}")
            return None
        if isinstance(answer, Payment):
            self._tell("till", f"{about}: {answer.state} {answer.why}")
        return answer


async def _collect_now(app: App) -> Any:
    return await app.telecollection.collect_now(CONTRACT.id)


async def _now(what: Callable[..., Any], *about: Any) -> Any:
    return what(*about)
