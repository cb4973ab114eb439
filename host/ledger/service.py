"""Books what happened to money, each thing once: recorded again it is the same entry, at another amount an error."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from host.clock import Clock
from host.ledger import model
from host.ledger.errors import BookedOtherwise, NotBooked
from host.ledger.model import Account, Booked, Entry, Kind, Scheme, SchemeTotals
from host.money import EUR, Currency, Money

NO_SCHEME = Scheme()


class Store(Protocol):
    """`work` is the caller's open database transaction: entry and cause are committed together."""

    def append(self, work: Any, entry: Entry) -> int: ...

    def find(self, work: Any, kind: Kind, reference: bytes) -> tuple[int, Entry] | None: ...

    def taken(self, work: Any, transaction_id: bytes) -> Entry | None: ...

    def recent(self, work: Any, count: int) -> list[tuple[int, Entry]]: ...

    def balance_minor(self, work: Any, account: Account, currency: str) -> int: ...

    def booked_between(self, work: Any, since: datetime, until: datetime) -> Iterable[Booked]: ...

    def booked_of(self, work: Any, transaction_ids: Iterable[bytes]) -> Iterable[Booked]: ...


class LedgerService:
    """Each `record_` returns the entry's id and raises BookedOtherwise."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def record_sale(
        self,
        work: Any,
        transaction_id: bytes,
        amount: Money,
        *,
        tip: Money | None = None,
        cash: Money | None = None,
        scheme: Scheme = NO_SCHEME,
    ) -> int:
        """A card paid `amount`, in which are the tip and the cash that was handed out."""
        return self._record(work, model.taken(Kind.SALE, transaction_id, amount, self._now(), scheme, tip, cash))

    def record_completion(
        self, work: Any, transaction_id: bytes, amount: Money, *, tip: Money | None = None, scheme: Scheme = NO_SCHEME
    ) -> int:
        """What a pre-authorisation came to."""
        return self._record(work, model.taken(Kind.COMPLETION, transaction_id, amount, self._now(), scheme, tip))

    def record_refund(self, work: Any, transaction_id: bytes, amount: Money, *, scheme: Scheme = NO_SCHEME) -> int:
        """`transaction_id` and `amount` (positive) are the refund's own."""
        return self._record(work, model.refund(transaction_id, amount, self._now(), scheme))

    def record_cancellation(self, work: Any, transaction_id: bytes) -> int:
        """The merchant cancelled that payment, whole. Raises NotBooked."""
        cancelled = self._store.taken(work, transaction_id)
        if cancelled is None:
            raise NotBooked(transaction_id.hex())
        return self._record(work, model.cancellation(cancelled, self._now()))

    def record_remittance(self, work: Any, exchange_id: int, amount: Money) -> int:
        """The acquirer acknowledged it; `amount` is the sum of the lines that it accepted, debits less credits."""
        return self._record(work, model.remittance(exchange_id.to_bytes(16, "big"), amount, self._now()))

    def record_funds(self, work: Any, bank_line: str, received: Money, fee: Money | None = None) -> int:
        """`bank_line` is the bank's own name of it; `fee` is what the acquirer kept back, as the line says."""
        return self._record(work, model.funds(_reference(bank_line), received, fee, self._now()))

    def record_fee(self, work: Any, bank_line: str, fee: Money) -> int:
        """What funds fell short of turns out to be the acquirer's commission."""
        return self._record(work, model.commission(_reference(bank_line), fee, self._now()))

    def recent(self, work: Any, count: int) -> list[tuple[int, Entry]]:
        """The latest entries with their ids, the newest first."""
        return self._store.recent(work, count)

    def balance(self, work: Any, account: Account, currency: Currency = EUR) -> Money:
        """Debits less credits."""
        return Money(self._store.balance_minor(work, account, currency.code), currency)

    def totals_between(self, work: Any, since: datetime, until: datetime) -> tuple[SchemeTotals, ...]:
        """What was booked of cards from `since` to before `until`: an X reading, which changes nothing."""
        return model.totals(self._store.booked_between(work, since, until))

    def totals_of(self, work: Any, transaction_ids: Iterable[bytes]) -> tuple[SchemeTotals, ...]:
        """What was booked of those transactions, to be compared with the reader's totals and with the batch's."""
        return model.totals(self._store.booked_of(work, transaction_ids))

    def _record(self, work: Any, entry: Entry) -> int:
        booked = self._store.find(work, entry.kind, entry.reference)
        if booked is None:
            return self._store.append(work, entry)
        entry_id, before = booked
        if (before.postings, before.scheme) != (entry.postings, entry.scheme):
            raise BookedOtherwise(f"entry {entry_id}")
        return entry_id

    def _now(self) -> datetime:
        return self._clock.now()


def _reference(bank_line: str) -> bytes:
    return hashlib.sha256(bank_line.encode()).digest()[:16]
