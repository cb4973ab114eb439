"""Takes payments. host/payment/states.py says what may happen when; host/payment/attempt.py drives one of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from host.clock import Clock
from host.money import Money
from host.payment.attempt import Attempt
from host.payment.errors import AmountChanged, InvalidAmount, UnknownPayment
from host.payment.model import Payment
from host.payment.ports import Acquirer, Ledger, Store, Terminal

Listener = Callable[[Payment, str], None]

HIGHEST_AMOUNT_MINOR = 999_999_999_999  # twelve digits, tag 9F02
log = logging.getLogger(__name__)


class PaymentService:
    def __init__(
        self,
        store: Store,
        terminal: Terminal,
        acquirer: Acquirer,
        ledger: Ledger,
        clock: Clock,
        random: Callable[[int], bytes],
        default_brand: str | None = None,
    ) -> None:
        """`default_brand` goes first on co-badged cards; None: the reader's profile says."""
        self._store = store
        self._terminal = terminal
        self._acquirer = acquirer
        self._ledger = ledger
        self._clock = clock
        self._random = random
        self._wishes = {"brand": default_brand} if default_brand else {}
        self._running: dict[str, asyncio.Task[Payment]] = {}  # by order reference
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(payment, phase)` at each step, phase being the schema's or "ended"; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def get(self, request_id: bytes) -> Payment:
        """Raises UnknownPayment."""
        with self._store.transaction() as work:
            payment = self._store.get(work, request_id)
        if payment is None:
            raise UnknownPayment(request_id.hex())
        return payment

    def of_order(self, order_reference: str) -> Payment | None:
        """The order's payment that is paid or not finished, else its latest."""
        with self._store.transaction() as work:
            return self._store.current(work, order_reference) or self._store.latest_of(work, order_reference)

    async def take_payment(self, amount: Money, order_reference: str) -> Payment:
        """Pay the order once: asked again, it is the same payment; asked after a refusal, it is a new one.

        Returns when the end is told, or cannot be known now (UNKNOWN). Leaving early does not end the payment.
        Raises InvalidAmount, AmountChanged.
        """
        if not 0 < amount.amount_minor <= HIGHEST_AMOUNT_MINOR:
            raise InvalidAmount(amount.amount_minor)
        payment, new = self._intent(amount, order_reference)
        if payment.finished:
            return payment
        return await self._once(
            order_reference, lambda: self._pay(payment) if new else self._attempt(payment).resolve()
        )

    async def cancel(self) -> None:
        """The merchant gives up; what becomes of the running payment, its `take_payment` tells."""
        await self._terminal.cancel()

    async def resolve_unknown(self) -> list[Payment]:
        """Ask the reader how the payments in doubt ended; the host does so when it starts, and the till on demand."""
        with self._store.transaction() as work:
            unfinished = self._store.unfinished(work)
        in_doubt = [payment for payment in unfinished if payment.order_reference not in self._running]
        return [await self._once(payment.order_reference, self._attempt(payment).resolve) for payment in in_doubt]

    async def _pay(self, payment: Payment) -> Payment:
        """A tap that the issuer wants to see as chip and PIN goes on at once, as another payment (terminal/LAW-32)."""
        ended = await self._attempt(payment).run(**self._wishes)
        if not ended.wants_chip:
            return ended
        following, _ = self._intent(ended.amount, ended.order_reference)
        return await self._attempt(following).run(interface="contact", **self._wishes)

    def _intent(self, amount: Money, order_reference: str) -> tuple[Payment, bool]:
        """The order's payment, written before anyone is asked; and whether it is new."""
        with self._store.transaction() as work:
            payment = self._store.current(work, order_reference)
            if payment is None:
                payment = Payment(self._random(8), order_reference, amount, self._clock.now())
                self._store.add(work, payment)
                return payment, True
        if payment.amount != amount:
            raise AmountChanged(order_reference)
        return payment, False

    async def _once(self, order_reference: str, begin: Callable[[], Coroutine[Any, Any, Payment]]) -> Payment:
        """One task an order: who comes second waits for the first."""
        task = self._running.get(order_reference)
        if task is None:
            task = asyncio.create_task(begin())
            self._running[order_reference] = task
            task.add_done_callback(lambda _: self._running.pop(order_reference))
        return await asyncio.shield(task)

    def _attempt(self, payment: Payment) -> Attempt:
        return Attempt(payment, self._store, self._terminal, self._acquirer, self._ledger, self._clock, self._announce)

    def _announce(self, payment: Payment, phase: str) -> None:
        for listener in list(self._listeners):
            try:
                listener(payment, phase)
            except Exception:  # a screen that fails must not end a payment
                log.exception("a listener failed")
