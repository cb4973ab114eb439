"""Clients as the merchant may see them: by the end of a number, never the whole of it, and what each did here.

A file of members has the numbers and addresses of those who agreed to offers by that way, and of nobody else; that it
left is traced (GDPR 5(1)c and 30).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from host.database import Work
from host.loyalty import export
from host.loyalty.directory_store import DirectoryStore, Export
from host.loyalty.members import is_agreed
from host.loyalty.model import Balances, Client, Consent, Entry, Identity, Subject
from host.loyalty.parts import Parts
from host.loyalty.states import GONE, State
from host.loyalty.visit_store import Booked
from host.messaging.model import Channel

SHOWN_DIGITS = 4
LEAST_DIGITS = 3
FOUND = 20
HISTORY = 100
AT_ONCE = 500
LEFT = {Channel.SMS: "sms_stop", Channel.EMAIL: "email_link"}  # how a consent ends, as messaging tells it


@dataclass(frozen=True)
class Listed:
    """`ending`: the last digits of the number; empty of who never gave one."""

    client: Client
    ending: str = ""


@dataclass(frozen=True)
class Record:
    """consents: every answer, with its proof; visits and entries: the newest first, some of them."""

    client: Client
    ending: str
    has_email: bool
    cards: int
    balances: Balances
    consents: tuple[Consent, ...]
    visits: tuple[Booked, ...]
    entries: tuple[Entry, ...]

    def agreed(self, subject: Subject) -> bool:
        return is_agreed(self.consents, subject)


class Directory:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store
        self._directory = DirectoryStore()

    def listed(self, clients: Sequence[Client]) -> list[Listed]:
        """The same clients, in the same order."""
        with self._store.transaction() as work:
            known = self._store.clients.identities(work, [each.id for each in clients], confirmed_only=False)
        return [Listed(each, _ending(known.get(each.id))) for each in clients]

    def search(self, typed: str) -> list[Listed]:
        """Members whose number ends so. Fewer than LEAST_DIGITS find nobody: one does not leaf through members."""
        digits = "".join(each for each in typed if each in "0123456789").removeprefix("0")
        if len(digits) < LEAST_DIGITS:
            return []
        with self._store.transaction() as work:
            found = self._directory.ending_with(work, digits, FOUND)
        return [Listed(client, _ending(identity)) for client, identity in found]

    def record(self, client_id: str) -> Record:
        """Of a member or of somebody else. Raises UnknownMember."""
        with self._store.transaction() as work:
            client = self._store.clients.held(work, client_id)
            identity = self._store.clients.identity(work, client.id)
            family = self._store.clients.family(work, client.id)
            return Record(
                client,
                _ending(identity),
                identity is not None and identity.email is not None,
                len(self._store.clients.linked(work, client.id)),
                self._store.points.balances(work, client.id),
                tuple(self._store.consents.of(work, family)),
                tuple(self._store.visits.of(work, family, HISTORY)) if client.state not in GONE else (),
                tuple(self._store.points.of(work, family, HISTORY)),
            )

    def export(self) -> str:
        """Members as CSV, as of now; it is traced."""
        with self._store.transaction() as work:
            rows = list(self._exported(work))
            numbers = sum(bool(identity and identity.number) for _, identity in rows)
            emails = sum(bool(identity and identity.email) for _, identity in rows)
            self._directory.trace(work, Export(self._parts.now(), len(rows), numbers, emails))
        return "".join(export.lines(rows))

    def exports(self, limit: int = 5) -> list[Export]:
        with self._store.transaction() as work:
            return self._directory.traced(work, limit)

    def left(self, channel: Channel, first: datetime, last: datetime) -> int:
        """How many took back their consent to offers by STOP, or by the link of an e-mail, in that time."""
        with self._store.transaction() as work:
            return self._directory.withdrawn(work, LEFT[channel], first, last)

    def steps(self) -> dict[str, datetime]:
        """Of the set-up: when each that is ticked was."""
        with self._store.transaction() as work:
            return self._directory.steps(work)

    def tick(self, step: str, done: bool) -> None:
        with self._store.transaction() as work:
            self._directory.tick(work, step, self._parts.now() if done else None)

    def _exported(self, work: Work) -> Iterator[tuple[Client, Identity | None]]:
        after = ""
        while page := self._directory.enrolled(work, after, AT_ONCE):
            after = page[-1].id
            members = [client.id for client in page if client.state is State.MEMBER]
            identities, given = self._store.clients.identities(work, members), self._store.given(work, members)
            for client in page:
                yield client, _allowed(identities.get(client.id), given.get(client.id, []))


def _allowed(identity: Identity | None, consents: Sequence[Consent]) -> Identity | None:
    """What they agreed to be reached by."""
    if identity is None:
        return None
    sms, email = (is_agreed(consents, subject) for subject in (Subject.SMS_OFFERS, Subject.EMAIL_OFFERS))
    return replace(
        identity,
        number=identity.number if sms else "",
        email=identity.email if email and identity.email_confirmed else None,
        birthday=identity.birthday if sms or email else None,
    )


def _ending(identity: Identity | None) -> str:
    return identity.number[-SHOWN_DIGITS:] if identity else ""
