"""What telecollection needs of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from host.acquirer.model import Batch, BatchAnswer, Parameters, Reconciliation
from host.ledger.model import SchemeTotals
from host.money import Money
from host.payment.ports import Copy, Message
from host.telecollection.model import Contract


class Reader(Protocol):
    """A reader, as host/terminal/client.py offers it. All raise host.terminal.errors.TerminalError."""

    async def connect(self) -> Message:
        """The welcome, with `serial`, `number` of the open day, and `parameters_version`."""
        ...

    async def close_day(self, number: int, business_date: int) -> Message:
        """The seal message. The same number again: the same seal. business_date: YYYYMMDD."""
        ...

    async def seal_lines(self, number: int) -> bytes:
        """Its parts joined: lines of 33 bytes."""
        ...

    async def status(self, *, request_id: bytes | None = None, transaction_id: bytes | None = None) -> Message:
        """The result message when the payment has ended, else a status message."""
        ...

    async def acknowledge(self, number: int, hash: bytes) -> None:  # noqa: A002  the schema's name
        """Returns when it is durable in the reader."""
        ...

    async def apply_parameters(self, contract: bytes, signature: bytes) -> int:
        """The version that it applied. Raises ReaderRefused: bad_signature, old_version."""
        ...


class Acquirer(Protocol):
    """That of one contract. All but `write_batch` raise AcquirerError."""

    def write_batch(self, batch: Batch, path: Path) -> None:
        """caaa.011, streamed: iterables are gone through once. The same batch is the same bytes. Raises
        UnwritableLine."""
        ...

    async def submit(self, path: Path) -> BatchAnswer:
        """Send the file; caaa.012. The same file again gets the same answer."""
        ...

    async def reconcile(self, reconciliation: Reconciliation) -> Reconciliation:
        """caaa.009; the acquirer's own totals, caaa.010."""
        ...

    async def parameters(self, version: int) -> Parameters | None:
        """Newer ones than `version`, if there are any."""
        ...

    async def settlements(self, after: str = "") -> Sequence[bytes]:
        """The acquirer's settlement notices, camt.054, that came after the one of that id."""
        ...


Acquirers = Callable[[Contract], Acquirer]
Readers = Callable[[str], Reader]  # by serial number; whether it is there is seen when it connects


class Captures(Protocol):
    """The host's copies of finished sales, which host/payment keeps."""

    def find(self, work: Any, transaction_ids: Sequence[bytes]) -> dict[bytes, Copy]:
        """Those of which there is a copy; some hundreds at a time."""
        ...

    def keep(self, reader: str, result: Message) -> None:
        """A late copy, durable on return, and the end of its payment. Idempotent."""
        ...

    def of_reader(self, work: Any, reader: str, after: bytes | None, since: datetime | None = None) -> Iterable[Copy]:
        """Copies of kept sales that were not cancelled, in order of transaction id, after that one; some hundreds, of
        those that were kept since then."""
        ...

    def without_copy(self, work: Any, reader: str) -> Sequence[str]:
        """Payments of the reader that may be approved and have no copy, by order reference (UNKNOWN ones)."""
        ...

    async def settle(self, reader: str) -> None:
        """Ask it for the end of what is unsettled, as long as it has that. What it cannot tell stays as it is."""
        ...


class Ledger(Protocol):
    """The books (host/ledger/service.py). What is recorded again is the same entry; at another amount it raises
    BookedOtherwise."""

    def record_remittance(self, work: Any, exchange_id: int, amount: Money) -> int:
        """The acquirer took lines of that sum, debits less credits."""
        ...

    def record_funds(self, work: Any, bank_line: str, received: Money, fee: Money | None = None) -> int: ...

    def record_fee(self, work: Any, bank_line: str, fee: Money) -> int:
        """What funds fell short of is the acquirer's commission."""
        ...

    def totals_of(self, work: Any, transaction_ids: Iterable[bytes]) -> tuple[SchemeTotals, ...]:
        """What is booked of those transactions."""
        ...
