"""Double entry: an entry is what happened, its postings are what that did to the accounts, and they sum to zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from host.ledger.errors import Unbalanced
from host.money import Money


class Account(StrEnum):
    CARD_RECEIVABLE = "card_receivable"  # what the acquirer owes us for accepted cards; a debit raises it
    SALES = "sales"  # what customers bought, tax included; a credit raises it


@dataclass(frozen=True)
class Posting:
    """One line of an entry: positive is a debit of the account, negative a credit."""

    account: Account
    amount: Money


@dataclass(frozen=True)
class Entry:
    """Immutable; a mistake is corrected by a further entry. `transaction_id` (16 bytes) is booked once a kind."""

    kind: str
    transaction_id: bytes
    booked_at: datetime
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        sums: dict[str, int] = {}
        for posting in self.postings:
            code = posting.amount.currency.code
            sums[code] = sums.get(code, 0) + posting.amount.amount_minor
        if not sums or any(sums.values()):
            raise Unbalanced(f"{self.kind}: {sums}")


def sale(transaction_id: bytes, amount: Money, at: datetime) -> Entry:
    """A sale paid by card: the acquirer owes us the money from the approval on."""
    postings = (Posting(Account.CARD_RECEIVABLE, amount), Posting(Account.SALES, -amount))
    return Entry("sale", transaction_id, at, postings)
