"""The till's things: articles, tickets, their lines, and the VAT in them. Prices include tax.

Lines are never changed: a removed line is taken back by a line of the opposite quantity (CGI art. 286 I 3° bis).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from host.loyalty.model import LegalClass
from host.money import Money, total
from host.point_of_sale.errors import DiscountTooHigh

WHOLE_RATE = 10_000  # VAT rates are in hundredths of a percent: 2000 is 20 %


@dataclass(frozen=True)
class Article:
    id: int
    label: str
    category: str
    price: Money
    vat_rate: int
    legal_class: LegalClass = LegalClass.ORDINARY  # of its category


class LineKind(StrEnum):
    SALE = "sale"
    DISCOUNT = "discount"
    CORRECTION = "correction"
    RETURN = "return"


@dataclass(frozen=True)
class Line:
    """What was sold, frozen as it was at that moment."""

    kind: LineKind
    label: str
    category: str
    quantity: int
    unit_price: Money
    vat_rate: int
    corrects: int | None = None  # position of the line that this one takes back; of a return, on the ticket of the sale
    legal_class: LegalClass = LegalClass.ORDINARY
    reward: str | None = None  # of a discount that points paid, the reference under which they did

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def net(self) -> Money:
        return self.total - vat_in(self.total, self.vat_rate)


class TicketState(StrEnum):
    """OPEN -> PAYING -> PAID; PAYING -> OPEN when refused; OPEN -> ABANDONED. Lines change in OPEN only.

    PAID -> CANCELLED when nothing of it is paid any more, for its payment was cancelled; it keeps its number.
    PAYING -> PART_PAID -> PAYING ... when a payment brought a part; PART_PAID -> OPEN when that part was cancelled.
    """

    OPEN = "open"
    PAYING = "paying"
    PART_PAID = "part_paid"
    PAID = "paid"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class VatSum:
    """All of a ticket at one rate: gross = net + vat, to the cent."""

    rate: int
    gross: Money
    vat: Money

    @property
    def net(self) -> Money:
        return self.gross - self.vat


@dataclass(frozen=True)
class Ticket:
    id: int
    till: str
    opened_at: datetime
    lines: tuple[Line, ...] = ()
    state: TicketState = TicketState.OPEN
    number: int | None = None  # without gaps, given when it is paid
    paid_at: datetime | None = None
    request_id: bytes | None = None  # of its latest payment
    member_id: str | None = None  # who the till knows it is for
    returns: int | None = None  # id of the ticket whose lines come back on this one

    @property
    def order_reference(self) -> str:
        return f"{self.till}-{self.id}"

    def part_reference(self, part: int) -> str:
        """Of the order's payments: C1-42, and while they bring parts C1-42/2, C1-42/3 ..."""
        return self.order_reference if part == 1 else f"{self.order_reference}/{part}"

    @property
    def total(self) -> Money:
        return total([line.total for line in self.lines])

    @property
    def discount(self) -> Money:
        """What discounts took off; zero or negative."""
        return total([line.total for line in self.lines if line.kind is LineKind.DISCOUNT])

    def gross_by_rate(self) -> dict[int, Money]:
        rates = sorted({line.vat_rate for line in self.lines})
        return {rate: total([line.total for line in self.lines if line.vat_rate == rate]) for rate in rates}

    def vat(self) -> list[VatSum]:
        """One sum a rate, in order of rates; the tax is rounded once a rate, not once a line."""
        return [VatSum(rate, gross, vat_in(gross, rate)) for rate, gross in self.gross_by_rate().items() if gross]

    def taken_back(self) -> set[int]:
        """Positions of the lines that a correction took back."""
        return {line.corrects for line in self.lines if line.corrects is not None}


def ticket_of(order_reference: str) -> int | None:
    """The id in a reference that a ticket gave to one of its payments; None of any other."""
    found = re.fullmatch(r".+-(\d+)(/\d+)?", order_reference)
    return int(found[1]) if found else None


def vat_in(gross: Money, rate: int) -> Money:
    """The tax that a price with tax contains, rounded half up."""
    return gross.share(rate, WHOLE_RATE + rate)


def discount_lines(ticket: Ticket, amount: Money, label: str) -> list[Line]:
    """`amount` off the ticket: spread over the VAT rates by what they weigh, to the last cent.

    Raises DiscountTooHigh.
    """
    if not Money(0, amount.currency) < amount <= ticket.total:
        raise DiscountTooHigh(amount.text())
    grosses = {rate: gross for rate, gross in ticket.gross_by_rate().items() if gross.amount_minor > 0}
    parts = amount.allocate([gross.amount_minor for gross in grosses.values()])
    return [Line(LineKind.DISCOUNT, label, "discount", 1, -part, rate) for rate, part in zip(grosses, parts) if part]
