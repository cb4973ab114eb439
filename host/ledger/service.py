"""Books what happened to money, each transaction once."""

from __future__ import annotations

from typing import Any, Protocol

from host.clock import Clock
from host.ledger.errors import BookedOtherwise
from host.ledger.model import Account, Entry, sale
from host.money import EUR, Currency, Money


class Store(Protocol):
    """`work` is the caller's open database transaction: entry and cause are committed together."""

    def append(self, work: Any, entry: Entry) -> int: ...

    def find(self, work: Any, kind: str, transaction_id: bytes) -> tuple[int, Entry] | None: ...

    def recent(self, work: Any, count: int) -> list[tuple[int, Entry]]: ...

    def balance_minor(self, work: Any, account: Account, currency: str) -> int: ...


class LedgerService:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def record_sale(self, work: Any, transaction_id: bytes, amount: Money) -> int:
        """The entry's id, the same one however often the transaction is recorded. Raises BookedOtherwise."""
        entry = sale(transaction_id, amount, self._clock.now())
        booked = self._store.find(work, entry.kind, transaction_id)
        if booked is None:
            return self._store.append(work, entry)
        entry_id, before = booked
        if before.postings != entry.postings:
            raise BookedOtherwise(f"entry {entry_id}")
        return entry_id

    def recent(self, work: Any, count: int) -> list[tuple[int, Entry]]:
        """The latest entries with their ids, the newest first."""
        return self._store.recent(work, count)

    def balance(self, work: Any, account: Account, currency: Currency = EUR) -> Money:
        """Debits less credits."""
        return Money(self._store.balance_minor(work, account, currency.code), currency)
