"""The loyalty programme, for readers, tills and pages. Each part of it says what it offers.

Who is at the counter is decided by looking, and nothing is written for it: `greeting` is on the way of every payment.
"""

from __future__ import annotations

from host.database import Work
from host.loyalty import rules
from host.loyalty.analysis import Analysis
from host.loyalty.booking import Booking
from host.loyalty.directory import Directory
from host.loyalty.errors import UnknownMember
from host.loyalty.joining import Joining, mobile
from host.loyalty.members import Members
from host.loyalty.merging import Merging
from host.loyalty.model import Basket, Client, Counter, MemberView, Offer, Programme
from host.loyalty.parts import Parts
from host.loyalty.programmes import Programmes
from host.loyalty.spending import Spending
from host.loyalty.states import ENROLLED, State
from host.loyalty.timers import Nights


class LoyaltyService:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store
        merging = Merging(parts)
        self.spending = Spending(parts)
        self.booking = Booking(parts, merging, self.spending)
        self.joining = Joining(parts, self.booking, merging)
        self.members = Members(parts)
        self.programmes = Programmes(parts)
        self.analysis = Analysis(parts)
        self.directory = Directory(parts)
        self.nights = Nights(parts, self.members)

    def greeting(
        self, token: bytes | None, par: bytes | None = None, ticket: str = "", basket: Basket = ()
    ) -> Offer | MemberView | None:
        """What the reader shows after an approved payment with that card, of that ticket and its basket. None: no
        programme, no card, or one that refused a while ago."""
        now = self._parts.now()
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, now)
            if programme is None or token is None:
                return None
            found = self._store.clients.recognise(work, token, par)
            if found.client is not None and found.client.state in ENROLLED:
                return self._view(work, programme, found.client, ticket, basket)
        if found.refused_until is not None and found.refused_until > now:
            return None
        return Offer(programme.name, programme.conditions)

    def member(self, member_id: str) -> MemberView:
        """As the till shows it. Raises UnknownMember."""
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, self._parts.now())
            client = self._store.clients.held(work, member_id)
            if programme is None or client.state not in ENROLLED:
                raise UnknownMember(member_id)
            return self._view(work, programme, client)

    def find(self, typed: str) -> MemberView | None:
        """For the merchant alone: whoever said their number at the counter, if it is a confirmed member's. Raises
        InvalidNumber, NotMobile."""
        number = mobile(typed)
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, self._parts.now())
            members = [each for each in self._store.clients.of_number(work, number) if each.state is State.MEMBER]
            return self._view(work, programme, members[0]) if programme and members else None

    def _view(
        self, work: Work, programme: Programme, client: Client, ticket: str = "", basket: Basket = ()
    ) -> MemberView:
        """Before the number is confirmed, that they are one of us and no more (services/OP-3)."""
        if not client.confirmed:
            return MemberView(client.id, programme.name, confirmed=False)
        balances = self._store.points.balances(work, client.id)
        booked = self._store.points.net_of_ticket(work, ticket) if ticket else {}
        earned = booked or rules.earned(programme, basket, self._parts.today())
        if not booked:
            balances = {counter: balances.get(counter, 0) + earned.get(counter, 0) for counter in Counter}
        return MemberView(
            client.id,
            programme.name,
            True,
            max(0, balances.get(programme.counter, 0)),
            earned.get(programme.counter, 0),
            balances,
            rules.affordable(programme, balances),
            rules.next_reward(programme, balances),
            programme.counter,
        )
