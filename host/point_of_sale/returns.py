"""Articles come back after they were paid: on a ticket of its own, whose refund names the sale (terminal/T-R08).

Lines of the sale stand. What comes back of a discounted article is what it was paid with, to the cent, however many
returns it takes; its points go with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from host.clock import Clock
from host.payment.model import Payment
from host.point_of_sale.baskets import return_lines, sold
from host.point_of_sale.errors import NotReturnable, TicketClosed, UnknownTicket
from host.point_of_sale.model import LineKind, Ticket, TicketState
from host.point_of_sale.ports import Payments, Store
from host.point_of_sale.rewards import Rewards


class Returns:
    def __init__(self, store: Store, payments: Payments, clock: Clock, rewards: Rewards) -> None:
        self._store = store
        self._payments = payments
        self._clock = clock
        self._rewards = rewards

    def open(self, sale_id: int, back: Mapping[int, int]) -> Ticket:
        """A ticket of what comes back: how many of each line, by its position. Raises NotReturnable, UnknownTicket."""
        with self._store.transaction() as work:
            sale = self._get(work, sale_id)
            before = returned(self._store.returns_of(work, sale_id))
            if sale.state is not TicketState.PAID or not _fits(sale, before, back):
                raise NotReturnable(str(sale_id))
            ticket = self._store.open_ticket(work, sale.till, self._clock.now(), sale_id)
            self._store.append(work, ticket, return_lines(sale, before, back))
            return self._get(work, ticket.id)

    async def give_back(self, ticket_id: int) -> Payment:
        """Its amount, to the card of the sale: pressed twice it is given back once. Raises TicketClosed, and Refused:
        the ticket is open still, and may be abandoned."""
        ticket = self._begin(ticket_id)
        original = self._paid_with(ticket)
        try:
            return await self._payments.refund(original.transaction_id, -ticket.total, ticket.order_reference)
        finally:
            self.settle(ticket_id)

    def settle(self, ticket_id: int) -> None:
        """Bring it to what became of its refund."""
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            sale = self._get(work, ticket.returns or 0)
        payment = self._payments.of_order(ticket.order_reference)
        if ticket.state is not TicketState.PAYING or (payment is not None and not payment.finished):
            return
        with self._store.transaction() as work:
            if self._get(work, ticket_id).state is not ticket.state:
                return
            if payment is None or not payment.approved:
                self._store.save_state(work, replace(ticket, state=TicketState.OPEN))
                return
            self._keep(work, sale, ticket, payment)

    def _keep(self, work: Any, sale: Ticket, ticket: Ticket, payment: Payment) -> None:
        number, at = self._store.next_number(work, ticket.till), payment.ended_at or self._clock.now()
        facts = {"number": number, "paid_at": at, "request_id": payment.request_id}
        self._store.save_state(work, replace(ticket, state=TicketState.PAID, **facts))
        kept = [each for each in self._store.returns_of(work, sale.id) if each.state is TicketState.PAID]
        self._rewards.returned(work, sale, ticket.order_reference, -ticket.total, returned(kept))

    def _begin(self, ticket_id: int) -> Ticket:
        with self._store.transaction() as work:
            ticket = self._get(work, ticket_id)
            if ticket.returns is None or ticket.state in (TicketState.ABANDONED, TicketState.CANCELLED):
                raise TicketClosed(str(ticket_id))
            if ticket.state is TicketState.OPEN:
                self._store.save_state(work, replace(ticket, state=TicketState.PAYING))
        return ticket

    def _paid_with(self, ticket: Ticket) -> Payment:
        """The sale's payment that brought the most."""
        with self._store.transaction() as work:
            sale = self._get(work, ticket.returns or 0)
        found, part = [], 1
        while payment := self._payments.of_order(sale.part_reference(part)):
            found, part = [*found, payment], part + 1
        return max((payment for payment in found if payment.approved), key=lambda paid: paid.paid.amount_minor)

    def _get(self, work: Any, ticket_id: int) -> Ticket:
        ticket = self._store.get(work, ticket_id)
        if ticket is None:
            raise UnknownTicket(str(ticket_id))
        return ticket


def returned(tickets: Iterable[Ticket]) -> Counter[int]:
    """How many came back, or are about to, by position of the sale's line."""
    found: Counter[int] = Counter()
    for ticket in tickets:
        if ticket.state not in (TicketState.ABANDONED, TicketState.CANCELLED):
            for line in ticket.lines:
                if line.kind is LineKind.RETURN and line.corrects is not None:
                    found[line.corrects] -= line.quantity
    return found


def _fits(sale: Ticket, before: Mapping[int, int], back: Mapping[int, int]) -> bool:
    left = {each.position: each.line.quantity - before.get(each.position, 0) for each in sold(sale)}
    return bool(back) and all(0 < quantity <= left.get(position, 0) for position, quantity in back.items())
