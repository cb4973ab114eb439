"""What the counter asks of the reader, one thing at a time: its phases, what the merchant is asked, how it ended.

Knows no screen; screens listen, any number of them. A second click, in this window or another, finds the turn running.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from host.money import Money
from host.payment.errors import AmountChanged, Refused
from host.payment.model import Payment
from host.point_of_sale.errors import TillError

REQUESTED = "requested"  # before the reader's first phase
CONFIRMATION = "confirmation"
ENDED = "ended"
TO_PAY = "to_pay"  # what the amount is there for: a key of till_words.TEXTS
DOUBLE_CLICK_S = 0.6
ANSWER_S = 60.0  # the reader then takes silence for a no (firmware/flows/ask_merchant.py)


class Payments(Protocol):
    def listen(self, listener: Callable[[Payment, str], None]) -> Callable[[], None]: ...

    def get(self, request_id: bytes) -> Payment: ...

    def question(self, transaction_id: bytes) -> dict[str, Any] | None: ...

    def answer(self, transaction_id: bytes, accepted: bool) -> None: ...

    async def cancel(self) -> None: ...


@dataclass(frozen=True)
class Question:
    """What only the merchant can say. `what` is signature or partial_amount; until: of the event loop's clock."""

    what: str
    transaction_id: bytes
    asked: Money  # what the sale comes to, tip included
    offered: Money  # what would be paid
    until: float

    @property
    def rest(self) -> Money:
        return self.asked - self.offered

    def seconds_left(self) -> int:
        return max(0, round(self.until - asyncio.get_running_loop().time()))


class Turn:
    """`reader_free` waits until nobody else asks the reader anything: it serves one at a time, and refuses others."""

    def __init__(self, payments: Payments, reader_free: Callable[[], Awaitable[None]]) -> None:
        self._payments = payments
        self._reader_free = reader_free
        self.phases: list[str] = []  # of what runs, the last one is now; empty: nothing runs
        self.question: Question | None = None
        self.payment: Payment | None = None  # as it ended
        self.refusal = ""  # why nothing was begun: a key of till_words.REFUSALS or host/terminal/words.py
        self.amount = Money(0)  # of what runs
        self.purpose = TO_PAY
        self._reference = ""
        self._began = 0.0
        self._running: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        payments.listen(self._step)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def cancel(self) -> None:
        """Ask the reader to give up; the payment tells whether that came in time."""
        if self.cancellable:
            await self._payments.cancel()

    @property
    def cancellable(self) -> bool:
        """Not at once: that is the second half of a double click on what began the turn."""
        return asyncio.get_running_loop().time() - self._began >= DOUBLE_CLICK_S

    def dismiss(self) -> None:
        """The end was read."""
        self.payment, self.refusal = None, ""
        self._tell()

    def answer(self, accepted: bool) -> None:
        """The merchant's word; the first one counts."""
        if self.question is not None:
            self._payments.answer(self.question.transaction_id, accepted)
            self.question = None
            self._tell()

    def _begin(
        self, reference: str, amount: Money, ask: Callable[[], Awaitable[Payment]], purpose: str = TO_PAY
    ) -> None:
        """`reference` is the order's whose steps are shown. What runs goes on."""
        if self._running is None:
            self.payment, self.phases, self.refusal = None, [REQUESTED], ""
            self._reference, self.amount, self.purpose = reference, amount, purpose
            loop = asyncio.get_running_loop()
            self._began = loop.time()
            loop.call_later(DOUBLE_CLICK_S + 0.01, self._tell)  # it can be cancelled now
            self._running = asyncio.create_task(self._run(ask))
            self._tell()

    async def _run(self, ask: Callable[[], Awaitable[Payment]]) -> None:
        try:
            await self._reader_free()
            self.payment = await ask()
        except (TillError, Refused) as error:
            self.refusal = error.code
        except AmountChanged:
            self.refusal = "amount_changed"
        finally:
            self._running, self.phases, self.question = None, [], None
            self._over()
            self._tell()

    def _is_ours(self, order_reference: str) -> bool:
        return order_reference == self._reference

    def _over(self) -> None:
        """What a kind of turn does at its end, before screens hear of it."""

    def _step(self, payment: Payment, phase: str) -> None:
        if self._running and phase != ENDED and self._is_ours(payment.order_reference):
            self.phases.append(phase)
            self.question = self._asked(payment) if phase == CONFIRMATION else None
            self._tell()

    def _asked(self, payment: Payment) -> Question | None:
        message = self._payments.question(payment.transaction_id or b"")
        if message is None:
            return None
        offered = Money(message["amount_minor"], payment.amount.currency)
        until = asyncio.get_running_loop().time() + ANSWER_S
        return Question(message["what"], message["transaction_id"], payment.total, offered, until)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
