"""What the payment service needs of others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money
from host.payment.model import Payment

Message = dict[str, Any]  # of protocol/messages.py
Authorise = Callable[[Message], Awaitable[Message]]
Progress = Callable[[str, bytes], None]  # phase of the schema, transaction id


class Terminal(Protocol):
    """The reader, as host/terminal/client.py offers it. Errors are those of host/terminal/errors.py."""

    async def connect(self) -> Message:
        """The welcome of the reader that the next question goes to. Raises any TerminalError but PaymentUnknown."""
        ...

    async def take_payment(
        self,
        request_id: bytes,
        amount_minor: int,
        currency: int,
        authorise: Authorise,
        progress: Progress,
        **wishes: str | int,
    ) -> Message:
        """The result message. `wishes` are the optional fields of take_payment.

        `authorise` turns an online_request into the fields of its answer, {} for none. Raises PaymentUnknown when it
        was asked for and no result came, any other TerminalError when there is no payment.
        """
        ...

    async def status(self, *, request_id: bytes) -> Message:
        """The result message of the request, or a status message (in_progress, not_found). Raises TerminalError."""
        ...

    async def cancel(self) -> None:
        """Ask the reader to give up the running payment; its result says whether that came in time."""
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

    def save(self, work: Any, payment: Payment) -> None:
        """Raises TransactionIdTaken; the transaction is lost then."""
        ...

    def get(self, work: Any, request_id: bytes) -> Payment | None: ...

    def current(self, work: Any, order_reference: str) -> Payment | None:
        """The payment of the order that is paid or not finished, if any."""
        ...

    def latest_of(self, work: Any, order_reference: str) -> Payment | None: ...

    def unfinished(self, work: Any) -> list[Payment]: ...
