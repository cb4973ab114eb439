"""The member at the till: shown, and what their points buy put on the ticket as discounts, by one key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from host.clock import Clock
from host.loyalty.model import Basket, Reduction, Refund, Reward, Visit
from host.money import Money
from host.payment.model import Payment
from host.point_of_sale.baskets import Quantities, basket, reward_lines
from host.point_of_sale.errors import NoMember
from host.point_of_sale.model import Line, Ticket


class Booking(Protocol):
    """host/loyalty/booking.py: what tickets do to clients, told in the till's transaction, each thing once."""

    def visited(self, work: Any, visit: Visit) -> None: ...

    def returned(self, work: Any, ticket: str, reference: str, refund: Refund) -> None: ...

    def cancelled(self, work: Any, ticket: str, at: datetime) -> None: ...


class Spending(Protocol):
    """host/loyalty/spending.py. Errors are those of host/loyalty/errors.py; the transaction is lost then."""

    def reduction(self, work: Any, member_id: str, reward_id: str, basket: Basket) -> Reduction: ...

    def spend(self, work: Any, member_id: str, reward_id: str, ticket: str, reference: str) -> Reward: ...

    def give_back(self, work: Any, reference: str, at: datetime) -> None: ...


class Loyalty(Protocol):
    @property
    def booking(self) -> Booking: ...

    @property
    def spending(self) -> Spending: ...


class Rewards:
    """What the till tells loyalty, and asks of it. `work` is the till's open transaction."""

    def __init__(self, loyalty: Loyalty | None, clock: Clock) -> None:
        """loyalty: None for a till that has none."""
        self._loyalty = loyalty
        self._clock = clock

    def lines(self, work: Any, ticket: Ticket, reward_id: str) -> list[Line]:
        """The discounts that the reward of the ticket's member brings; its points are spent. Raises NoMember, and
        LoyaltyError."""
        if ticket.member_id is None or self._loyalty is None:
            raise NoMember(str(ticket.id))
        reference = f"{ticket.order_reference}.{len(ticket.lines)}"
        reduction = self._loyalty.spending.reduction(work, ticket.member_id, reward_id, basket(ticket))
        self._loyalty.spending.spend(work, ticket.member_id, reward_id, ticket.order_reference, reference)
        return reward_lines(ticket, reduction, reference)

    def give_back(self, work: Any, lines: Iterable[Line]) -> None:
        """These discounts are not used after all."""
        for reference in sorted({line.reward for line in lines if line.reward}):
            if self._loyalty is not None:
                self._loyalty.spending.give_back(work, reference, self._clock.now())

    def paid(self, work: Any, ticket: Ticket, payments: list[Payment]) -> None:
        """The ticket is paid: a visit of whoever's card it was, the first one of several."""
        if self._loyalty is None:
            return
        cards = [payment.card for payment in payments if payment.approved and payment.card]
        token, par = (cards[0].token, cards[0].par_token) if cards else (None, None)
        at = ticket.paid_at or self._clock.now()
        visit = Visit(ticket.order_reference, at, ticket.total, basket(ticket), token, par)
        self._loyalty.booking.visited(work, visit)

    def cancelled(self, work: Any, ticket: Ticket) -> None:
        if self._loyalty is not None:
            self._loyalty.booking.cancelled(work, ticket.order_reference, self._clock.now())

    def returned(self, work: Any, sale: Ticket, reference: str, amount: Money, quantities: Quantities) -> None:
        """`quantities`: all that came back of the sale, these included; `amount` was given back for these."""
        if self._loyalty is not None:
            refund = Refund(self._clock.now(), amount, basket(sale, quantities))
            self._loyalty.booking.returned(work, sale.order_reference, reference, refund)
