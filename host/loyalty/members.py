"""What a member sees and changes: profile, consents, points; everything can be taken away, or along (GDPR 15 to 20)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from host.database import Work
from host.loyalty import checks
from host.loyalty.errors import UnknownMember, WrongCode
from host.loyalty.model import Balances, Client, Consent, Entry, Identity, Purpose, Subject
from host.loyalty.parts import CODE_TRIES, CODES_A_DAY, DAY, PROOF_KEPT, Parts
from host.loyalty.states import ENROLLED, State
from host.loyalty.visit_store import Booked
from host.messaging.model import Channel, Kind, Template

SCRUB = "loyalty_scrub"  # kind of a timer, whose key is the same


@dataclass(frozen=True)
class Profile:
    """All that is kept of a member. consents: every answer, the oldest first, with its proof; cards: when each was
    seen first, which names it."""

    client: Client
    identity: Identity
    balances: Balances
    consents: tuple[Consent, ...]
    cards: tuple[datetime, ...]
    visits: tuple[Booked, ...]
    entries: tuple[Entry, ...]

    def agreed(self, subject: Subject) -> bool:
        return is_agreed(self.consents, subject)


class Members:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def profile(self, member_id: str) -> Profile:
        """Of whoever signed in. Raises UnknownMember."""
        with self._store.transaction() as work:
            return self._profile(work, member_id)

    def update(self, member_id: str, *, email: str | None, birthday: str | None, language: str) -> None:
        """birthday: MM-DD; None is nothing. An address that changes is asked again about offers, and is sent a code.
        Raises InvalidProfile, UnknownMember."""
        facts = {"language": language, "email": checks.checked_email(email) if email else None}
        facts["birthday"] = checks.checked_birthday(birthday) if birthday else None
        with self._store.transaction() as work:
            client, identity = self._member(work, member_id)
            if identity.email != facts["email"]:
                facts["email_confirmed"] = False
            self._store.clients.identify(work, replace(identity, **facts), confirmed=client.confirmed)
            self._store.clients.save(work, client.heard(self._parts.now()))
            if identity.email and identity.email != facts["email"]:
                self._answer(work, client, Subject.EMAIL_OFFERS, False, "page.email_changed.1", "page", language)
            if facts["email"] and identity.email != facts["email"]:
                self._store.clients.void_codes(work, client.id, Purpose.EMAIL)
                self._send_email_code(work, client)

    def ask_email_code(self, member_id: str) -> None:
        """Once more, to the address of the profile. Raises UnknownMember."""
        with self._store.transaction() as work:
            client, identity = self._member(work, member_id)
            if identity.email and not identity.email_confirmed:
                self._send_email_code(work, client)

    def confirm_email(self, member_id: str, code: str) -> None:
        """Raises WrongCode, UnknownMember."""
        with self._store.transaction() as work:
            client, identity = self._member(work, member_id)
            good = self._is_email_code(work, client, code)
            if good:
                self._store.clients.identify(work, replace(identity, email_confirmed=True), client.confirmed)
                self._store.clients.forget_codes(work, [client.id], [Purpose.EMAIL])
        if not good:  # after the commit: the try is spent
            raise WrongCode

    def consent(self, member_id: str, subject: Subject, answer: bool, text: str, channel: str, language: str) -> None:
        """`text` names the words that were shown, with their version. Raises UnknownMember."""
        with self._store.transaction() as work:
            client, _ = self._member(work, member_id)
            self._answer(work, client, subject, answer, text, channel, language)
            self._store.clients.save(work, client.heard(self._parts.now()))

    def remove_card(self, member_id: str, linked_at: datetime) -> bool:
        """One that is not the member's, or not any more."""
        with self._store.transaction() as work:
            return self._store.clients.unlink(work, member_id, linked_at) > 0

    def download(self, member_id: str) -> dict[str, Any]:
        """Everything, to be written as JSON. Raises UnknownMember."""
        profile = self.profile(member_id)
        identity = profile.identity
        return {
            "number": identity.number,
            "email": identity.email,
            "email_confirmed": identity.email_confirmed,
            "birthday": identity.birthday,
            "language": identity.language,
            "joined_at": _moment(profile.client.joined_at),
            "confirmed_at": _moment(profile.client.confirmed_at),
            "balances": {str(counter): points for counter, points in profile.balances.items()},
            "cards": [_moment(moment) for moment in profile.cards],
            "consents": [_consent(consent) for consent in profile.consents],
            "visits": [_visit(visit) for visit in profile.visits],
            "points": [_entry(entry) for entry in profile.entries],
        }

    def erase(self, member_id: str) -> None:
        """Whoever it is, nothing leads to them any more, nor to who else joined with that number. Raises
        UnknownMember. What is left is a keyed hash of the number, for the proof of consents, for PROOF_KEPT."""
        with self._store.transaction() as work:
            _, identity = self._member(work, member_id)
            for client in self._store.clients.of_number(work, identity.number):
                self.erase_one(work, client.id)
        self.scrub()

    def erase_one(self, work: Work, client_id: str) -> None:
        """That enrolment alone, or a stranger; the files follow by a timer, whatever becomes of this process."""
        client, now = self._store.clients.held(work, client_id), self._parts.now()
        identity = self._store.clients.identity(work, client.id)
        if identity is not None:
            number_hash = self._parts.number_hash(identity.number)
            self._store.clients.erased(work, client.id, number_hash, now, now + PROOF_KEPT)
            self._parts.messages.forget(work, client.id)
        self._store.clients.forget(work, client.id)
        self._store.clients.forget_codes(work, [client.id])
        self._store.clients.unlink(work, client.id)
        self._store.clients.save(work, client.become(State.ERASED).without_sums())
        self._parts.timers.set(work, SCRUB, SCRUB, now)

    def scrub(self) -> bool:
        """The files hold nothing of what was erased. False: not yet, somebody reads; the timer tries again."""
        done = self._store.scrub()
        if done:
            with self._store.transaction() as work:
                self._parts.timers.clear(work, SCRUB, SCRUB)
        return done

    def proof(self, number: str) -> list[Consent]:
        """Every answer that somebody with that number ever gave here, also those who are gone (GDPR 7(1))."""
        with self._store.transaction() as work:
            gone = self._store.clients.erased_of(work, self._parts.number_hash(number))
            here = [client.id for client in self._store.clients.of_number(work, number)]
            families = [each for client_id in (*gone, *here) for each in self._store.clients.family(work, client_id)]
            return self._store.consents.of(work, families)

    def _send_email_code(self, work: Work, client: Client) -> None:
        """So many a day, that nobody fills a stranger's letter box."""
        now = self._parts.now()
        if self._store.clients.expected(work, Purpose.EMAIL, now, client.id) >= CODES_A_DAY:
            return
        event_id = f"loyalty.{self._parts.new_id()}"
        self._store.clients.expect_code(work, event_id, client.id, Purpose.EMAIL, now + DAY, CODE_TRIES)
        self._parts.messages.send(work, event_id, Kind.SERVICE, client.id, Template.EMAIL_CODE, {}, Channel.EMAIL)

    def _is_email_code(self, work: Work, client: Client, code: str) -> bool:
        tried = self._store.clients.try_codes(work, [client.id], [Purpose.EMAIL], self._parts.now())
        codes = [self._parts.messages.code(event_id) for event_id, _ in tried]
        return any(hmac.compare_digest(each.encode(), code.strip().encode()) for each in codes)

    def _answer(
        self, work: Work, client: Client, subject: Subject, answer: bool, text: str, channel: str, language: str
    ) -> None:
        self._store.consents.add(work, Consent(client.id, subject, answer, text, channel, language, self._parts.now()))

    def _member(self, work: Work, member_id: str) -> tuple[Client, Identity]:
        client = self._store.clients.held(work, member_id)
        identity = self._store.clients.identity(work, client.id)
        if client.state not in ENROLLED or identity is None:
            raise UnknownMember(member_id)
        return client, identity

    def _profile(self, work: Work, member_id: str) -> Profile:
        client, identity = self._member(work, member_id)
        family = self._store.clients.family(work, client.id)
        return Profile(
            client,
            identity,
            self._store.points.balances(work, client.id),
            tuple(self._store.consents.of(work, family)),
            tuple(self._store.clients.linked(work, client.id)),
            tuple(self._store.visits.of(work, family)),
            tuple(self._store.points.of(work, family)),
        )


def is_agreed(consents: Sequence[Consent], subject: Subject) -> bool:
    """The last answer counts; silence is no."""
    answers = [consent.answer for consent in consents if consent.subject is subject]
    return bool(answers and answers[-1])


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _consent(consent: Consent) -> dict[str, Any]:
    facts = {"subject": str(consent.subject), "answer": consent.answer, "text": consent.text}
    return facts | {"channel": consent.channel, "language": consent.language, "at": _moment(consent.at)}


def _visit(visit: Booked) -> dict[str, Any]:
    bought = [{"category": item.category, "quantity": item.quantity} for item in visit.basket]
    facts = {"kind": visit.kind, "ticket": visit.ticket, "at": _moment(visit.at)}
    return facts | {"amount_minor": visit.amount.amount_minor, "bought": bought}


def _entry(entry: Entry) -> dict[str, Any]:
    facts = {"kind": str(entry.kind), "counter": str(entry.counter), "points": entry.points, "at": _moment(entry.at)}
    return facts | {"ticket": entry.ticket, "reward": entry.reward, "expires_at": _moment(entry.expires_at)}
