"""What time does to clients: points expire, what was not confirmed or not heard of for long is erased, birthdays come.

One timer for all, every night, in batches; each thing that it does is done once, however often it is looked at.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from host.database import Work
from host.loyalty import rules
from host.loyalty.members import SCRUB, Members
from host.loyalty.model import Counter, Entry, EntryKind, Programme
from host.loyalty.parts import DAY, KEPT, STRANGER_KEPT, UNCONFIRMED, Parts
from host.loyalty.states import ENROLLED, State
from host.loyalty.tables import clients
from host.messaging.model import Kind, Template

NIGHT = "loyalty"  # kind of a timer, whose key is the same
AT_ONCE = 500
LATE_DAYS = 7  # a till that was off for so long makes up for birthdays


class FilesInUse(Exception):
    """Somebody reads what was erased: the timer tries again."""


class Nights:
    def __init__(self, parts: Parts, members: Members) -> None:
        self._parts = parts
        self._store = parts.store
        self._members = members
        parts.timers.handle(NIGHT, self._night)
        parts.timers.handle(SCRUB, self._scrub)

    def start(self) -> None:
        """What a till that was off has missed is made up for; without a programme there is nothing to do."""
        with self._store.transaction() as work:
            if self._store.programmes.every(work):
                self._parts.timers.set(work, NIGHT, NIGHT, self._parts.now())

    def run(self) -> bool:
        """One batch; whether there is more."""
        now = self._parts.now()
        counts = [self._expire(now), self._erase(now), self._birthdays(now)]
        with self._store.transaction() as work:
            self._store.clients.forget_refusals(work, now)
            self._store.clients.forget_late_codes(work, now - DAY)
            self._store.clients.forget_erasures(work, now)
        return max(counts) >= AT_ONCE

    async def _night(self, key: str) -> None:
        more = self.run()
        with self._store.transaction() as work:
            self._parts.timers.set(work, NIGHT, key, self._parts.now() + (timedelta(0) if more else DAY))

    async def _scrub(self, _: str) -> None:
        if not self._members.scrub():
            raise FilesInUse

    def _expire(self, now: datetime) -> int:
        with self._store.transaction() as work:
            due = self._store.points.due(work, now, AT_ONCE)
            for owner, counter in due:
                self._expire_one(work, owner, counter, now)
        return len(due)

    def _expire_one(self, work: Work, owner: str, counter: Counter, now: datetime) -> None:
        client = self._store.clients.held(work, owner)
        lots = self._store.points.lots(work, self._store.clients.family(work, owner), counter, now)
        points = rules.expiring(lots.came, lots.went)
        if points:
            reference = f"{owner}.{now.isoformat()}"
            self._store.points.book(work, Entry(EntryKind.EXPIRED, reference, counter, client.id, -points, now), owner)
        self._store.points.expires_next(work, owner, counter, lots.next_expiry)

    def _erase(self, now: datetime) -> int:
        """Retention (terminal/LAW-11), and numbers that nobody confirmed."""
        unconfirmed = (clients.c.state == State.JOINED) & (clients.c.joined_at <= now - UNCONFIRMED)
        silent = clients.c.state.in_(sorted(ENROLLED)) & (clients.c.last_contact_at <= now - KEPT)
        strangers = (clients.c.state == State.STRANGER) & (clients.c.last_contact_at <= now - STRANGER_KEPT)
        with self._store.transaction() as work:
            found = [
                client
                for where in (unconfirmed, silent, strangers)
                for client in self._store.clients.chosen(work, where, AT_ONCE)
            ]
            for client_id in dict.fromkeys(client.id for client in found):
                self._members.erase_one(work, client_id)
        return len(found)

    def _birthdays(self, now: datetime) -> int:
        """The bonus of those whose birthday was within LATE_DAYS, today included."""
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, now)
        if programme is None or not programme.birthday_bonus:
            return 0
        after, most = "", AT_ONCE
        while most == AT_ONCE:
            with self._store.transaction() as work:
                born = self._store.clients.born(work, self._birthdays_of_late(), after, AT_ONCE)
                for identity in born:
                    self._congratulate(work, programme, identity.member_id, str(identity.birthday), now)
            after, most = (born[-1].member_id, len(born)) if born else (after, 0)
        return 0

    def _congratulate(self, work: Work, programme: Programme, member_id: str, birthday: str, now: datetime) -> None:
        today = self._parts.today()
        year = today.year if rules.birthday_in(birthday, today.year) <= today else today.year - 1
        days = programme.expiry_days
        end = None if days is None else now + timedelta(days=days)
        reference = f"{member_id}.{year}"
        facts = (programme.counter, member_id, programme.birthday_bonus, now, "", "", end)
        if self._store.points.book(work, Entry(EntryKind.BIRTHDAY, reference, *facts), member_id):
            gift = {"reward": f"+{programme.birthday_bonus}"}
            event_id = f"birthday.{reference}"
            self._parts.messages.send(work, event_id, Kind.MARKETING, member_id, Template.BIRTHDAY, gift)

    def _birthdays_of_late(self) -> list[str]:
        """MM-DD; on 28 February of most years also of those who were born on the 29th."""
        today = self._parts.today()
        days = [today - timedelta(days=back) for back in range(LATE_DAYS)]
        found = [f"{day:%m-%d}" for day in days]
        leap = [day for day in days if rules.birthday_in("02-29", day.year) == day]
        return found + ["02-29"] * bool(leap)
