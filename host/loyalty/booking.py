"""What a ticket does to a client: its visit, what it earns, what is taken back of that.

Each is told in the till's own transaction and booked once, by the ticket's reference: a retry, a return, a cancelled
sale, two tills or one that was offline neither double nor lose a point (services/HL-3).
"""

from __future__ import annotations

from collections import Counter as Counts
from dataclasses import replace
from datetime import date, datetime, timedelta

from host.database import Work
from host.loyalty import rules
from host.loyalty.merging import Merging
from host.loyalty.model import Client, Counter, Entry, EntryKind, Refund, Visit
from host.loyalty.parts import Parts
from host.loyalty.spending import Spending
from host.loyalty.states import ENROLLED, State
from host.loyalty.visit_store import CANCELLATION, RETURN, SALE, Booked
from host.money import total


class Booking:
    def __init__(self, parts: Parts, merging: Merging, spending: Spending) -> None:
        self._parts = parts
        self._store = parts.store
        self._merging = merging
        self._spending = spending

    def visited(self, work: Work, visit: Visit) -> None:
        """The ticket was paid. Without a programme in force nothing is kept of it."""
        programme = self._store.programmes.in_force(work, visit.at)
        if programme is None or self._store.visits.of_ticket(work, visit.ticket):
            return
        client = self._client_of(work, visit)
        day = self._parts.day(visit.at)
        sale = Booked(
            SALE,
            visit.ticket,
            visit.ticket,
            client.id if client else None,
            visit.at,
            day,
            self._parts.hour(visit.at),
            1,
            visit.amount,
            client is not None and client.state in ENROLLED,
            programme.version,
            rules.kept(visit.basket, day),
        )
        if not self._store.visits.add(work, sale):
            return  # another till told it meanwhile
        self._store.visits.count_classes(work, day, sale.basket)
        if client is not None:
            self._count_gap(work, client, sale)
            self._store.clients.save(work, client.counting(1, visit.amount).seen(visit.at))
            self.settle(work, visit.ticket)

    def returned(self, work: Work, ticket: str, reference: str, refund: Refund) -> None:
        """`reference` is the return's own. Of what was paid while there was no programme, nothing."""
        sale = self._sale(work, ticket)
        if sale is None:
            return
        day, hour = self._parts.day(refund.at), self._parts.hour(refund.at)
        facts = {"at": refund.at, "day": day, "hour": hour, "basket": rules.kept(refund.left, sale.day)}
        back = replace(sale, kind=RETURN, reference=reference, visits=0, amount=-refund.amount, **facts)
        if self._store.visits.add(work, back):
            self._count(work, back)
            self.settle(work, ticket)

    def cancelled(self, work: Work, ticket: str, at: datetime) -> None:
        """There was no sale: what it earned is taken back, the rewards that it used are given back."""
        sale = self._sale(work, ticket)
        if sale is None:
            return
        left = total([row.amount for row in self._store.visits.of_ticket(work, ticket)])
        before = self._gaps(work, sale)
        undone = replace(sale, kind=CANCELLATION, reference=ticket, visits=-1, amount=-left, basket=())
        if not self._store.visits.add(work, undone):
            return
        self._store.visits.count_classes(work, sale.day, sale.basket, -1)
        self._count(work, undone)
        self._recount_gaps(work, sale, before)
        self.settle(work, ticket)
        self._spending.give_back_all(work, ticket, at)

    def settle(self, work: Work, ticket: str, joins: bool = False) -> dict[Counter, int]:
        """Bring what the ticket has earned to what is left of its basket; what that is now. A stranger's ticket earns
        nothing, but the one after which its holder `joins`."""
        client = self._buyer(work, ticket)
        if client is None:
            return {}
        rows = self._store.visits.of_ticket(work, ticket)
        sale, last = rows[0], rows[-1]
        programme = self._store.programmes.get(work, sale.programme)
        wanted = rules.earned(programme, last.basket, sale.day)
        net = self._store.points.net_of_ticket(work, ticket)
        if client.state not in ENROLLED or not (net or joins or sale.by_member):
            return {}
        days = programme.expiry_days
        end = None if days is None else sale.at + timedelta(days=days)
        for counter in sorted(wanted.keys() | net.keys()):
            more = wanted.get(counter, 0) - net.get(counter, 0)
            facts = (last.reference, counter, client.id, more, last.at, ticket)
            if more > 0:
                self._store.points.book(work, Entry(EntryKind.EARNED, *facts, expires_at=end), client.id)
            elif more < 0:
                self._store.points.book(work, Entry(EntryKind.TAKEN_BACK, *facts), client.id)
        return wanted

    def stranger(self, work: Work, at: datetime) -> Client:
        client = Client(self._parts.new_id(), State.STRANGER, at, at)
        self._store.clients.add(work, client)
        return client

    def _client_of(self, work: Work, visit: Visit) -> Client | None:
        """Whom card or account lead to; a stranger when neither was seen before. Both lead to it from now on."""
        tokens = [token for token in (visit.token, visit.par) if token]
        if not tokens:
            return None
        found = self._store.clients.recognise(work, visit.token, visit.par)
        client = found.client or self.stranger(work, visit.at)
        for other in found.others:
            if other.state is State.STRANGER:
                self._merging.merge(work, other.id, client.id)
        for token in tokens:
            if token not in found.known:
                self._store.clients.link(work, token, client.id, visit.at)
        return self._store.clients.held(work, client.id)

    def _sale(self, work: Work, ticket: str) -> Booked | None:
        """Held by whoever asks. None: it was paid while there was no programme, or is cancelled."""
        self._buyer(work, ticket)
        rows = self._store.visits.of_ticket(work, ticket)
        return rows[0] if rows and rows[-1].kind != CANCELLATION else None

    def _buyer(self, work: Work, ticket: str) -> Client | None:
        rows = self._store.visits.of_ticket(work, ticket)
        return self._store.clients.held(work, rows[0].client_id) if rows and rows[0].client_id else None

    def _count(self, work: Work, booked: Booked) -> None:
        client = self._buyer(work, booked.ticket)
        if client is not None and client.state is not State.ERASED:
            self._store.clients.save(work, client.counting(booked.visits, booked.amount))

    # ---- gaps between visits ----

    def _count_gap(self, work: Work, client: Client, sale: Booked) -> None:
        """Of the newest visit it is one more; an older one, such as of a till that was offline, changes the next's."""
        if client.last_visit_at is not None and client.last_visit_at > sale.at:
            days = self._store.visits.days(work, self._store.clients.family(work, client.id))
            without = [*days]
            without.remove(sale.day)
            changes = rules.gap_counts(days)
            changes.subtract(rules.gap_counts(without))
            self._store.visits.count_gaps(work, changes)
            return
        last = self._parts.day(client.last_visit_at) if client.last_visit_at else None
        self._store.visits.count_gaps(work, {(sale.day, rules.gap((sale.day - last).days if last else None)): 1})

    def _gaps(self, work: Work, sale: Booked) -> Counts[tuple[date, int]]:
        client = self._buyer(work, sale.ticket)
        family = self._store.clients.family(work, client.id) if client else []
        return rules.gap_counts(self._store.visits.days(work, family))

    def _recount_gaps(self, work: Work, sale: Booked, before: Counts[tuple[date, int]]) -> None:
        client = self._buyer(work, sale.ticket)
        if client is None:
            return
        changes = self._gaps(work, sale)
        changes.subtract(before)
        self._store.visits.count_gaps(work, changes)
        if client.state is not State.ERASED:
            first, last = self._store.visits.ends(work, self._store.clients.family(work, client.id))
            self._store.clients.save(work, replace(client, first_visit_at=first, last_visit_at=last))
