"""The member at the counter: found by the number that they say, and what their points buy, by one key.

The number is not kept: from here on the ticket has the member's id, as host/loyalty knows it.
"""

from __future__ import annotations

from typing import Protocol

from host.loyalty.errors import LoyaltyError, Refused, UnknownMember
from host.loyalty.model import Basket, MemberView, Offer, Programme
from host.point_of_sale.baskets import basket
from host.point_of_sale.checkout import Checkout
from host.point_of_sale.errors import TillError
from host.point_of_sale.model import Ticket, TicketState

NOT_FOUND = "not_found"


class Programmes(Protocol):
    def current(self) -> Programme | None: ...


class Members(Protocol):
    """host/loyalty/service.py."""

    @property
    def programmes(self) -> Programmes: ...

    def find(self, typed: str) -> MemberView | None: ...

    def member(self, member_id: str) -> MemberView: ...

    def greeting(
        self, token: bytes | None, par: bytes | None = None, ticket: str = "", basket: Basket = ()
    ) -> Offer | MemberView | None: ...


class Sales(Protocol):
    def show_member(self, ticket_id: int, member_id: str | None) -> Ticket: ...

    def use_reward(self, ticket_id: int, reward_id: str) -> Ticket: ...


class MemberDesk:
    """One counter's. `refusal`: why what was asked for last was not done, a code of host/loyalty/words.py or
    NOT_FOUND."""

    def __init__(self, checkout: Checkout, sales: Sales, members: Members) -> None:
        self._checkout = checkout
        self._sales = sales
        self._members = members
        self.refusal = ""

    @property
    def has_programme(self) -> bool:
        return self._members.programmes.current() is not None

    @property
    def can_change(self) -> bool:
        return self._checkout.ticket.state is TicketState.OPEN

    def member(self) -> MemberView | None:
        """Of the ticket, as things are now; None: nobody, or somebody who is gone meanwhile."""
        member_id = self._checkout.ticket.member_id
        try:
            return self._members.member(member_id) if member_id else None
        except UnknownMember:
            return None

    def paid_by(self) -> MemberView | None:
        """Whose card paid, with what this ticket earned."""
        payment, ticket = self._checkout.payment, self._checkout.ticket
        if payment is None or not payment.approved or payment.card is None:
            return None
        card = payment.card
        found = self._members.greeting(card.token, card.par_token, ticket.order_reference, basket(ticket))
        return found if isinstance(found, MemberView) else None

    def find(self, typed: str) -> None:
        self.refusal = ""
        try:
            found = self._members.find(typed)
        except Refused as refused:
            self._refuse(refused.code)
            return
        if found is None:
            self._refuse(NOT_FOUND)
        else:
            self._show(found.member_id)

    def forget(self) -> None:
        """Rewards that were put on the ticket stay until they are taken back."""
        self.refusal = ""
        self._show(None)

    def use(self, reward_id: str) -> None:
        self.refusal = ""
        try:
            self._checkout.changed(self._sales.use_reward(self._checkout.ticket.id, reward_id))
        except LoyaltyError as error:
            self._refuse(error.code if isinstance(error, Refused) else Refused.code)
        except TillError:  # it is being paid
            self._refuse(Refused.code)

    def _show(self, member_id: str | None) -> None:
        try:
            self._checkout.changed(self._sales.show_member(self._checkout.ticket.id, member_id))
        except TillError:
            self._refuse(Refused.code)

    def _refuse(self, code: str) -> None:
        self.refusal = code
        self._checkout.changed()
