"""What the payment service needs of others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from host.acquirer.model import Advice, AuthorisationAnswer, AuthorisationRequest, CaptureLine
from host.ledger.model import Scheme
from host.money import Money
from host.payment.model import Payment

Message = dict[str, Any]  # of protocol/messages.py
Authorise = Callable[[Message], Awaitable[Message]]
Confirm = Callable[[Message], Awaitable[bool]]
Progress = Callable[[str, bytes], None]  # phase of the schema, transaction id


@dataclass(frozen=True)
class Copy:
    """The host's copy of a capture record, and what its totals are counted by."""

    reader: str
    line: CaptureLine
    brand: str  # of the protocol's schema; "none" for others
    aid: bytes


class Terminal(Protocol):
    """The reader, as host/terminal/client.py offers it. Errors are those of host/terminal/errors.py."""

    @property
    def connected_serial(self) -> str | None:
        """Of the reader that is connected: a payment that is put to it is stored with it at once."""
        ...

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
        confirm: Confirm,
        **wishes: Any,
    ) -> Message:
        """The result message. `wishes` are the optional fields of take_payment.

        `authorise` turns an online_request into the fields of its answer, {} for none; `confirm` says whether the
        merchant accepts. Raises PaymentUnknown when it was asked for and no result came, any other TerminalError when
        there is no payment.
        """
        ...

    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> Message:
        """The result message of the payment, or a status message (in_progress, not_found). Raises TerminalError."""
        ...

    async def cancel(self) -> None:
        """Ask the reader to give up the running payment; its result says whether that came in time."""
        ...

    async def kept(self, result: Message) -> None:
        """It is durable here; never raises."""
        ...

    async def void(self, transaction_id: bytes) -> Message:
        """The voided result. Raises DayClosed and other TerminalErrors."""
        ...

    async def complete(self, transaction_id: bytes, amount_minor: int) -> Message:
        """The result that is captured; of amount 0 the voided one. Raises TerminalError."""
        ...


class Acquirer(Protocol):
    """Each asks once, under a deadline, and raises AcquirerError."""

    async def authorise(self, request: AuthorisationRequest) -> AuthorisationAnswer: ...

    async def advise(self, advice: Advice) -> None:
        """Returns when the acquirer has it."""
        ...


class Ledger(Protocol):
    """The id of the entry, the same one when the transaction is booked already."""

    def record_sale(
        self, work: Any, transaction_id: bytes, amount: Money, *, tip: Money | None = None, scheme: Scheme
    ) -> int: ...

    def record_completion(
        self, work: Any, transaction_id: bytes, amount: Money, *, tip: Money | None = None, scheme: Scheme
    ) -> int: ...

    def record_refund(self, work: Any, transaction_id: bytes, amount: Money, *, scheme: Scheme) -> int: ...

    def record_cancellation(self, work: Any, transaction_id: bytes) -> int: ...


class Store(Protocol):
    """`work` is one open database transaction: commits when left normally, else nothing of it happened."""

    def transaction(self) -> AbstractContextManager[Any]: ...

    def add(self, work: Any, payment: Payment) -> None:
        """Raises RefundBeyond; the transaction is lost then."""
        ...

    def save(self, work: Any, payment: Payment) -> None:
        """Raises TransactionIdTaken; the transaction is lost then."""
        ...

    def save_from(self, work: Any, payment: Payment, before: Payment) -> bool:
        """False, and nothing is saved, when its state or its reader is no longer what it was."""
        ...

    def get(self, work: Any, request_id: bytes) -> Payment | None: ...

    def of_transaction(self, work: Any, transaction_id: bytes) -> Payment | None: ...

    def current(self, work: Any, order_reference: str) -> Payment | None:
        """The payment of the order that is paid or not finished, if any."""
        ...

    def latest_of(self, work: Any, order_reference: str) -> Payment | None: ...

    def unfinished(self, work: Any) -> list[Payment]: ...

    def without_copy(self, work: Any, reader: str | None = None) -> list[Payment]:
        """Approved ones, to be captured, of which there is no capture record; of all readers, or of one."""
        ...

    def refunded_minor(self, work: Any, transaction_id: bytes) -> int:
        """What was refunded of a sale, or is being refunded."""
        ...

    def reversed(self, work: Any, transaction_id: bytes) -> None:
        """The acquirer has answered the reversal: REVERSED, where REVERSAL_DUE was."""
        ...
