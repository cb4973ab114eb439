"""Double entry: an entry is what happened, its postings are what that did to the accounts, and they sum to zero.

| entry        | of                | debit                        | credit                      |
|--------------|-------------------|------------------------------|-----------------------------|
| sale         | transaction       | card_receivable              | sales, tips, drawer         |
| completion   | transaction       | card_receivable              | sales, tips                 |
| refund       | transaction       | sales                        | card_receivable             |
| cancellation | transaction       | what its entry credited      | what its entry debited      |
| remittance   | exchange id       | acquirer_settlement          | card_receivable             |
| funds        | line of the bank  | bank, fees                   | acquirer_settlement         |
| fee          | line of the bank  | fees                         | acquirer_settlement         |

So card_receivable is what no acknowledged remittance holds yet, rejected lines among it; acquirer_settlement is what
was acknowledged and not paid, which after the funds is the shortfall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from host.ledger.errors import Unbalanced
from host.money import Money


class Account(StrEnum):
    CARD_RECEIVABLE = "card_receivable"  # kept card payments that the acquirer has not acknowledged; a debit raises it
    ACQUIRER_SETTLEMENT = "acquirer_settlement"  # acknowledged and not yet paid to the merchant; a debit raises it
    BANK = "bank"  # funds that arrived; a debit raises it
    FEES = "fees"  # the acquirer's commission; a debit raises it
    DRAWER = "drawer"  # notes and coins, as far as cash back takes them; a debit raises it
    SALES = "sales"  # what customers bought, tax included; a credit raises it
    TIPS = "tips"  # owed to the staff; a credit raises it


class Kind(StrEnum):
    SALE = "sale"
    COMPLETION = "completion"  # of a pre-authorisation
    REFUND = "refund"
    CANCELLATION = "cancellation"
    REMITTANCE = "remittance"
    FUNDS = "funds"
    FEE = "fee"


TAKEN = (Kind.SALE, Kind.COMPLETION, Kind.REFUND)  # what a card paid or was paid: a transaction is one of them


@dataclass(frozen=True)
class Scheme:
    """What totals are told by: `brand` of the protocol's schema, `aid` of the application that paid."""

    brand: str = "none"
    aid: bytes = b""


@dataclass(frozen=True)
class Posting:
    """One line of an entry: positive is a debit of the account, negative a credit."""

    account: Account
    amount: Money


@dataclass(frozen=True)
class Entry:
    """Immutable; a mistake is corrected by a further entry. `reference` (16 bytes) is booked once a kind."""

    kind: Kind
    reference: bytes
    booked_at: datetime
    postings: tuple[Posting, ...]
    scheme: Scheme = Scheme()

    def __post_init__(self) -> None:
        sums: dict[str, int] = {}
        for posting in self.postings:
            code = posting.amount.currency.code
            sums[code] = sums.get(code, 0) + posting.amount.amount_minor
        if not sums or any(sums.values()):
            raise Unbalanced(f"{self.kind}: {sums}")


@dataclass(frozen=True)
class SchemeTotals:
    """Of one scheme, application and currency, field by field as host/acquirer/model.py has them; minor units.

    A cancelled payment counts among cancellations alone.
    """

    brand: str
    aid: bytes
    currency: str
    debit_count: int = 0
    debit_minor: int = 0
    credit_count: int = 0
    credit_minor: int = 0
    cancellation_count: int = 0
    cancellation_minor: int = 0


@dataclass(frozen=True)
class Booked:
    """How many entries of a kind and scheme there are, and what they did to card_receivable; `debit`: raised it."""

    scheme: Scheme
    currency: str
    kind: Kind
    debit: bool
    count: int
    amount_minor: int


def taken(
    kind: Kind,
    transaction_id: bytes,
    amount: Money,
    at: datetime,
    scheme: Scheme,
    tip: Money | None = None,
    cash: Money | None = None,
) -> Entry:
    """What a card paid: the acquirer owes it from the approval on. Tip and cash are parts of the amount."""
    none = Money(0, amount.currency)
    sold = amount - (tip or none) - (cash or none)
    postings = _moved({Account.CARD_RECEIVABLE: amount}, {Account.SALES: sold, Account.TIPS: tip, Account.DRAWER: cash})
    return Entry(kind, transaction_id, at, postings, scheme)


def refund(transaction_id: bytes, amount: Money, at: datetime, scheme: Scheme) -> Entry:
    """What a card was paid: the acquirer takes it from what it owes us."""
    postings = _moved({Account.SALES: amount}, {Account.CARD_RECEIVABLE: amount})
    return Entry(Kind.REFUND, transaction_id, at, postings, scheme)


def cancellation(cancelled: Entry, at: datetime) -> Entry:
    """The opposite of what was booked."""
    opposite = tuple(Posting(posting.account, -posting.amount) for posting in cancelled.postings)
    return replace(cancelled, kind=Kind.CANCELLATION, booked_at=at, postings=opposite)


def remittance(reference: bytes, amount: Money, at: datetime) -> Entry:
    """The acquirer acknowledged lines of that sum, debits less credits."""
    postings = _moved({Account.ACQUIRER_SETTLEMENT: amount}, {Account.CARD_RECEIVABLE: amount})
    return Entry(Kind.REMITTANCE, reference, at, postings)


def funds(reference: bytes, received: Money, fee: Money | None, at: datetime) -> Entry:
    """The bank's line: what came, and the commission that was kept back from it."""
    settled = received + fee if fee else received
    postings = _moved({Account.BANK: received, Account.FEES: fee}, {Account.ACQUIRER_SETTLEMENT: settled})
    return Entry(Kind.FUNDS, reference, at, postings)


def commission(reference: bytes, fee: Money, at: datetime) -> Entry:
    """What was missing turns out to be a commission."""
    return Entry(Kind.FEE, reference, at, _moved({Account.FEES: fee}, {Account.ACQUIRER_SETTLEMENT: fee}))


def totals(rows: Iterable[Booked]) -> tuple[SchemeTotals, ...]:
    """In ascending order of brand, application and currency."""
    sums: dict[tuple[str, bytes, str], SchemeTotals] = {}
    for row in rows:
        key = (row.scheme.brand, row.scheme.aid, row.currency)
        sums[key] = _counted(sums.get(key) or SchemeTotals(*key), row)
    return tuple(sums[key] for key in sorted(sums))


def _counted(before: SchemeTotals, row: Booked) -> SchemeTotals:
    """A cancellation also takes its payment out of the column that it was counted in, which is the other side's."""
    if row.kind is not Kind.CANCELLATION:
        return _added(before, "debit" if row.debit else "credit", row.count, abs(row.amount_minor))
    undone = _added(before, "credit" if row.debit else "debit", -row.count, -abs(row.amount_minor))
    return _added(undone, "cancellation", row.count, abs(row.amount_minor))


def _added(before: SchemeTotals, column: str, count: int, amount_minor: int) -> SchemeTotals:
    counts, sums = f"{column}_count", f"{column}_minor"
    return replace(before, **{counts: getattr(before, counts) + count, sums: getattr(before, sums) + amount_minor})


def _moved(debits: dict[Account, Money | None], credits_: dict[Account, Money | None]) -> tuple[Posting, ...]:
    """Without the accounts that nothing happens to."""
    debited = [Posting(account, amount) for account, amount in debits.items() if amount is not None]
    credited = [Posting(account, -amount) for account, amount in credits_.items() if amount is not None]
    return (*debited, *credited)
