"""Whom messages go to (host/messaging/ports.py, Members): numbers and consents are looked up when a message leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from host.clock import Clock
from host.database import Work
from host.loyalty.members import is_agreed
from host.loyalty.model import Consent, Counter, Subject
from host.loyalty.states import State
from host.loyalty.store import LoyaltyStore
from host.loyalty.tables import balances, clients
from host.messaging.model import Address, Channel

SUBJECTS = {Channel.SMS: Subject.SMS_OFFERS, Channel.EMAIL: Subject.EMAIL_OFFERS}
INACTIVE = timedelta(days=90)
REGULAR_VISITS = 10


class Reach:
    def __init__(self, store: LoyaltyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def addresses(self, work: Work, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, Address]:
        """Also unconfirmed ones, for the code that confirms them is a message."""
        points = self._store.points.balances_of(work, member_ids)
        found = {}
        for member_id, identity in self._store.clients.identities(work, member_ids, confirmed_only=False).items():
            to = identity.number if channel is Channel.SMS else identity.email
            if to:
                values = {"points": points[member_id].get(Counter.POINTS, 0)}
                found[member_id] = Address(to, identity.language, values)
        return found

    def consents(self, work: Work, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, datetime]:
        """Of confirmed members who agree now; by e-mail, of those whose address is confirmed, too."""
        confirmed = self._store.clients.identities(work, member_ids)
        if channel is Channel.EMAIL:
            confirmed = {each: identity for each, identity in confirmed.items() if identity.email_confirmed}
        found = {}
        for member_id, given in self._store.given(work, list(confirmed)).items():
            if is_agreed(given, SUBJECTS[channel]):
                found[member_id] = _last(given, SUBJECTS[channel])
        return found

    def of_number(self, work: Work, number: str) -> Sequence[str]:
        return [client.id for client in self._store.clients.of_number(work, number)]

    def withdraw(self, work: Work, channel: Channel, member_id: str, at: datetime, how: str) -> None:
        """Idempotent; of who never agreed, nothing."""
        given = self._store.given(work, [member_id])[member_id]
        if is_agreed(given, SUBJECTS[channel]):
            language = given[-1].language
            self._store.consents.add(work, Consent(member_id, SUBJECTS[channel], False, how, how, language, at))

    def segment(self, work: Work, segment: str, after: str, limit: int) -> Sequence[str]:
        """`segment` is a key of SEGMENTS. Raises KeyError."""
        chosen = SEGMENTS[segment](self._clock.now())
        where = (clients.c.state == State.MEMBER) & (clients.c.id > after) & chosen
        return list(work.scalars(select(clients.c.id).where(where).order_by(clients.c.id).limit(limit)))


def _everyone(_: datetime) -> ColumnElement[bool]:
    return clients.c.id.is_not(None)


def _inactive(now: datetime) -> ColumnElement[bool]:
    return clients.c.last_visit_at < now - INACTIVE


def _regular(_: datetime) -> ColumnElement[bool]:
    return clients.c.visits >= REGULAR_VISITS


def _collecting(_: datetime) -> ColumnElement[bool]:
    return exists().where(balances.c.member_id == clients.c.id, balances.c.points > 0)


SEGMENTS: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "all": _everyone,
    "inactive": _inactive,
    "regular": _regular,
    "collecting": _collecting,  # something that could be spent
}


def _last(given: Sequence[Consent], subject: Subject) -> datetime:
    return [consent.at for consent in given if consent.subject is subject][-1]
