"""Takes payments: host/payment/states.py says when what may happen; here it is stored, asked and told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from host.acquirer.errors import AcquirerError
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.clock import Clock
from host.money import Money
from host.payment.errors import AmountChanged, InvalidAmount, UnknownPayment
from host.payment.icc_data import kept
from host.payment.model import Card, Payment
from host.payment.states import NOT_PAID, Asked, State
from host.terminal.errors import ReaderNotFound, ReaderRefused, TerminalError

Message = dict[str, Any]  # of protocol/messages.py
Authorise = Callable[[Message], Awaitable[Message]]
Progress = Callable[[Message], None]
Listener = Callable[[Payment, str], None]

HIGHEST_AMOUNT_MINOR = 999_999_999_999  # twelve digits, tag 9F02


class Terminal(Protocol):
    """The reader, as host/terminal/client.py offers it. Errors are those of host/terminal/errors.py."""

    async def take_payment(
        self, request_id: bytes, amount_minor: int, currency: int, authorise: Authorise, progress: Progress
    ) -> Message:
        """The result message. `authorise` turns an online_request into an online_answer and never raises."""
        ...

    async def query(self, request_id: bytes) -> Message:
        """The result message of the request, or a status message (in_progress, not_found)."""
        ...


class Acquirer(Protocol):
    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer:
        """Ask once, under a deadline. Raises AcquirerError."""
        ...


class Ledger(Protocol):
    def record_sale(self, work: Any, transaction_id: bytes, amount: Money) -> int:
        """The id of the entry, the same one when the transaction is booked already."""
        ...


class Store(Protocol):
    """`work` is one open database transaction: commits when left normally, else nothing of it happened."""

    def transaction(self) -> AbstractContextManager[Any]: ...

    def add(self, work: Any, payment: Payment) -> None: ...

    def save(self, work: Any, payment: Payment) -> None: ...

    def get(self, work: Any, request_id: bytes) -> Payment | None: ...

    def current(self, work: Any, order_reference: str) -> Payment | None:
        """The payment of the order that is neither refused nor cancelled, if any."""
        ...

    def unfinished(self, work: Any) -> list[Payment]: ...


class PaymentService:
    def __init__(
        self,
        store: Store,
        terminal: Terminal,
        acquirer: Acquirer,
        ledger: Ledger,
        clock: Clock,
        random: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self._terminal = terminal
        self._acquirer = acquirer
        self._ledger = ledger
        self._clock = clock
        self._random = random
        self._running: dict[str, asyncio.Task[Payment]] = {}  # by order reference
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(payment, phase)` at each step; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def take_payment(self, amount: Money, order_reference: str) -> Payment:
        """Pay the order once: asked twice, it is the same payment; asked after a refusal, it is a new one.

        Returns when the end is known or known to be UNKNOWN. Raises InvalidAmount, AmountChanged.
        """
        raise NotImplementedError

    async def resolve_unknown(self) -> list[Payment]:
        """Ask the reader how the payments in doubt ended; at the start of the host, too."""
        raise NotImplementedError
