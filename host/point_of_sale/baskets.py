"""What the articles of a ticket come to after its discounts: for what they earn, and for what is given back of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from host.loyalty.model import Basket, Item, LegalClass, Reduction
from host.money import Money, total
from host.point_of_sale.model import Line, LineKind, Ticket

Quantities = Mapping[int, int]  # by position of a line


@dataclass(frozen=True)
class Sold:
    """A line that stands. `paid`: its share of the discounts is off."""

    position: int
    line: Line
    paid: Money

    def worth(self, quantity: int) -> Money:
        """What so many of its articles were paid with: together, whatever the parts, to the cent."""
        return self.paid.share(quantity, self.line.quantity)


def sold(ticket: Ticket) -> list[Sold]:
    """A discount is shared by the articles of its VAT rate, one that a reward brought by those of its legal class."""
    gone = ticket.taken_back()
    standing = [(position, line) for position, line in enumerate(ticket.lines) if position not in gone]
    articles = [(position, line) for position, line in standing if line.kind is LineKind.SALE]
    paid = {position: line.total for position, line in articles}
    for _, discount in standing:
        if discount.kind is LineKind.DISCOUNT:
            _share(discount, [position for position, line in articles if _bears(discount, line)], paid)
    return [Sold(position, line, paid[position]) for position, line in articles]


def basket(ticket: Ticket, returned: Quantities | None = None) -> Basket:
    """What loyalty hears of it, without what came back."""
    back = returned or {}
    return tuple(_item(each, back.get(each.position, 0)) for each in sold(ticket))


def reward_lines(ticket: Ticket, reduction: Reduction, reference: str) -> list[Line]:
    """A discount for each VAT rate and legal class; `reduction` is of `basket(ticket)`."""
    lines = sold(ticket)
    parts: dict[tuple[int, LegalClass], Money] = {}
    for index, amount in reduction.parts:
        key = (lines[index].line.vat_rate, lines[index].line.legal_class)
        parts[key] = parts.get(key, Money(0, amount.currency)) + amount
    return [
        Line(LineKind.DISCOUNT, reduction.reward.label, "discount", 1, -amount, rate, None, legal_class, reference)
        for (rate, legal_class), amount in sorted(parts.items())
    ]


def return_lines(ticket: Ticket, returned: Quantities, back: Quantities) -> list[Line]:
    """Articles of `ticket` that come back now, and their share of its discounts; `returned` came back before."""
    lines = []
    for each in sold(ticket):
        quantity, before = back.get(each.position, 0), returned.get(each.position, 0)
        if quantity:
            line = each.line
            worth = each.worth(before + quantity) - each.worth(before)
            facts = (line.vat_rate, each.position, line.legal_class)
            lines.append(Line(LineKind.RETURN, line.label, line.category, -quantity, line.unit_price, *facts))
            if off := line.unit_price * quantity - worth:
                lines.append(Line(LineKind.DISCOUNT, line.label, "discount", 1, off, *facts))
    return lines


def _bears(discount: Line, line: Line) -> bool:
    same_class = discount.reward is None or discount.legal_class is line.legal_class
    return same_class and discount.vat_rate == line.vat_rate


def _share(discount: Line, positions: list[int], paid: dict[int, Money]) -> None:
    bearing = total([paid[position] for position in positions])
    amount = min(-discount.total, bearing)
    if amount.amount_minor > 0:
        parts = amount.allocate([paid[position].amount_minor for position in positions])
        paid.update({position: paid[position] - part for position, part in zip(positions, parts)})


def _item(each: Sold, back: int) -> Item:
    line, left = each.line, each.line.quantity - back
    return Item(line.legal_class, line.category, left, line.unit_price * left, each.paid - each.worth(back))
