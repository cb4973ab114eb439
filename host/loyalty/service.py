"""The loyalty programme, for readers, tills and pages. Each part of it says what it offers.

Who is at the counter is decided by looking, and nothing is written for it: `greeting` is on the way of every payment.
"""

from __future__ import annotations

from host.loyalty import rules
from host.loyalty.analysis import Analysis
from host.loyalty.booking import Booking
from host.loyalty.directory import Directory
from host.loyalty.errors import UnknownMember
from host.loyalty.joining import Joining, mobile
from host.loyalty.members import Members
from host.loyalty.merging import Merging
from host.loyalty.model import Balances, Basket, Counter, MemberView, Offer, Programme
from host.loyalty.parts import Parts
from host.loyalty.programmes import Programmes
from host.loyalty.spending import Spending
from host.loyalty.states import ENROLLED, State
from host.loyalty.timers import Nights

EMPTY: Balances = {}


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
        if token is None:
            return None
        now = self._parts.now()
        with self._store.reading() as work:
            found = self._store.clients.greeted(work, token, par, now)
            programme = self._store.programmes.get(work, found.version) if found.version else None
            if programme is None or not programme.active:
                return None
            if found.member_id and not found.confirmed:
                return _to_confirm(programme, found.member_id)
            if found.member_id:
                booked = self._store.points.net_of_ticket(work, ticket) if ticket else {}
                return self._view(programme, found.member_id, found.balances, booked, basket)
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
            if not client.confirmed:
                return _to_confirm(programme, client.id)
            return self._view(programme, client.id, self._store.points.balances(work, client.id))

    def find(self, typed: str) -> MemberView | None:
        """For the merchant alone: whoever said their number at the counter, if it is a confirmed member's. Raises
        InvalidNumber, NotMobile."""
        number = mobile(typed)
        with self._store.reading() as work:
            programme = self._store.programmes.in_force(work, self._parts.now())
            members = [each for each in self._store.clients.of_number(work, number) if each.state is State.MEMBER]
            if programme is None or not members:
                return None
            return self._view(programme, members[0].id, self._store.points.balances(work, members[0].id))

    def _view(
        self, programme: Programme, member_id: str, points: Balances, booked: Balances = EMPTY, basket: Basket = ()
    ) -> MemberView:
        """`booked`: what the ticket has earned already, and is in `points`; else it is what `basket` will."""
        earned = booked or rules.earned(programme, basket, self._parts.today())
        balances = points if booked else {each: points.get(each, 0) + earned.get(each, 0) for each in Counter}
        return MemberView(
            member_id,
            programme.name,
            True,
            max(0, balances.get(programme.counter, 0)),
            earned.get(programme.counter, 0),
            balances,
            rules.affordable(programme, balances),
            rules.next_reward(programme, balances),
            programme.counter,
        )


def _to_confirm(programme: Programme, member_id: str) -> MemberView:
    """Before the number is confirmed, that they are one of us and no more (services/OP-3)."""
    return MemberView(member_id, programme.name, confirmed=False)
