"""What the merchant does with payments that were taken, and with money that is not a sale's: one thing at a time.

Nothing is done twice: a cancellation and a completion are the payment's own, a refund's reference says what had been
given back before it, and any other form has its reference from the moment that it was opened.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from host.clock import Clock
from host.money import EUR, Money
from host.payment.day_book import Entry
from host.payment.model import Payment
from host.point_of_sale import turn
from host.point_of_sale.receipts import Receipt
from host.point_of_sale.turn import CONFIRMATION, ENDED, TO_PAY, Turn


class Payments(turn.Payments, Protocol):
    """What the desk asks of payment.service.PaymentService."""

    advising: Any

    async def void(self, request_id: bytes) -> Payment: ...

    async def refund(self, original: bytes | None, amount: Money, order_reference: str) -> Payment: ...

    async def preauthorise(self, amount: Money, order_reference: str) -> Payment: ...

    async def complete(self, request_id: bytes, amount: Money) -> Payment: ...

    async def resolve_unknown(self) -> list[Payment]: ...

    def write_off(self, request_id: bytes) -> Payment: ...


class Book(Protocol):
    def since(self, begin: datetime) -> list[Entry]: ...

    def entry(self, request_id: bytes) -> Entry | None: ...


class Papers(Protocol):
    def receipt_of(self, request_id: bytes, copy: str, language: str) -> Receipt: ...

    def settle(self) -> None: ...


class Desk(Turn):
    def __init__(
        self,
        payments: Payments,
        book: Book,
        papers: Papers,
        clock: Clock,
        reader_free: Callable[[], Awaitable[None]],
        till: str = "C1",
        declined: Callable[[], dict[bytes, str]] = dict,
        explained: Callable[[Payment], bool] = lambda _: False,
    ) -> None:
        """till: its number, in references. declined: by transaction id, why what was forwarded is not paid.

        explained: is the payment the one that the page of explanations shows?
        """
        super().__init__(payments, reader_free)
        self._service = payments
        self._book = book
        self._papers = papers
        self._clock = clock
        self._till = till
        self.declined = declined
        self.explained = explained

    def entries(self) -> list[Entry]:
        """Since midnight here, the newest first, and before them whatever is not over."""
        midnight = self._clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return self._book.since(midnight)

    def entry(self, request_id: bytes) -> Entry | None:
        return self._book.entry(request_id)

    def reference(self, letter: str) -> str:
        """Of a form that is being opened: P for a pre-authorisation, R for a refund without reference."""
        now = self._clock.now()
        return f"{self._till}-{letter}{now:%y%m%d%H%M%S}{now.microsecond // 1000:03d}"

    def refund_reference(self, entry: Entry) -> str:
        """The next refund's of that sale: the same in every window, another once something was given back."""
        return f"{entry.payment.order_reference}-R{entry.refunded.amount_minor}"

    def void(self, payment: Payment) -> None:
        self._begin(payment.order_reference, payment.paid, lambda: self._service.void(payment.request_id), "to_cancel")

    def refund(self, payment: Payment, amount: Money, reference: str) -> None:
        self._begin(
            reference, amount, lambda: self._service.refund(payment.transaction_id, amount, reference), "to_give_back"
        )

    def refund_without_reference(self, amount: Money, reference: str) -> None:
        self._begin(reference, amount, lambda: self._service.refund(None, amount, reference), "to_give_back")

    def preauthorise(self, amount: Money, reference: str) -> None:
        self._begin(reference, amount, lambda: self._service.preauthorise(amount, reference), "to_hold")

    def complete(self, payment: Payment, amount: Money) -> None:
        """Of amount 0 it is given up."""
        self._begin(
            payment.order_reference,
            amount,
            lambda: self._service.complete(payment.request_id, amount),
            TO_PAY if amount else "to_cancel",
        )

    def ask_again(self, payment: Payment) -> None:
        """What the reader knows of all that is unsettled; and the acquirer, of what it is owed."""
        self._begin(payment.order_reference, payment.total, lambda: self._ask(payment), "to_ask")

    def write_off(self, payment: Payment) -> None:
        self.payment = self._service.write_off(payment.request_id)
        self._over()
        self._tell()

    def receipt(self, payment: Payment, copy: str, language: str) -> Receipt:
        """Printed, and traced: the second one is a duplicate."""
        return self._papers.receipt_of(payment.request_id, copy, language)

    async def _ask(self, payment: Payment) -> Payment:
        await self._service.resolve_unknown()
        if payment.transaction_id:
            await self._service.advising.send(payment.transaction_id)
        return self._service.get(payment.request_id)

    def _step(self, payment: Payment, phase: str) -> None:
        """A question of a sale is asked here too: it waits a minute, and nobody may be looking at the sale."""
        super()._step(payment, phase)
        if self._running is None:
            self.question = self._asked(payment) if phase == CONFIRMATION else None
        if phase in (CONFIRMATION, ENDED) or self._running is None:
            self._tell()

    def _over(self) -> None:
        """A ticket may have become paid, or be due again."""
        self._papers.settle()


def typed(text: str) -> Money | None:
    """An amount as people write it, with comma or point; None when it is none."""
    try:
        minor = Decimal(text.strip().replace(",", ".").replace("\u00a0", "").replace(" ", "")).scaleb(EUR.exponent)
    except InvalidOperation:
        return None
    if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor < 10**12:
        return None
    return Money(int(minor))
