"""How somebody becomes a member: a number is typed on the reader, and confirmed by a code that is sent to it.

Whoever types a number need not own it (attacks/H-07). So each enrolment is a client of its own, whatever the number,
and answers the same; whoever has the code of one is, from then on, one with the member of that number.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

from host.database import Work, hold
from host.loyalty import rules
from host.loyalty.booking import Booking
from host.loyalty.errors import InvalidNumber, NoProgramme, NotMobile, Refused, WrongCode
from host.loyalty.merging import Merging
from host.loyalty.model import Client, Consent, Enrolled, Enrolment, Identity, Programme, Purpose, Subject
from host.loyalty.parts import (
    CODE_TRIES,
    CODE_VALID,
    CODES_A_DAY,
    CODES_AN_HOUR,
    DAY,
    HOUR,
    REFUSED,
    UNCONFIRMED,
    Parts,
)
from host.loyalty.states import State
from host.messaging.model import Kind, Template
from host.messaging.phone import e164, is_mobile

OF_NUMBERS = (Purpose.CONFIRMATION, Purpose.SIGN_IN)


class Joining:
    def __init__(self, parts: Parts, booking: Booking, merging: Merging) -> None:
        self._parts = parts
        self._store = parts.store
        self._booking = booking
        self._merging = merging

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Active at once. Told again, it is the same one. Raises NoProgramme, InvalidNumber, NotMobile; Refused of a
        payment whose card is not known."""
        number = mobile(enrolment.typed)
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, self._parts.now())
            if programme is None:
                raise NoProgramme
            client = self._client_of(work, enrolment)
            if client.state is not State.MEMBER:
                client = self._join(work, client, enrolment, number)
            return Enrolled(client.id, self._points(work, programme, enrolment), programme.counter)

    def refuse(self, token: bytes) -> None:
        """Only the card's token is kept, for ninety days."""
        now = self._parts.now()
        with self._store.transaction() as work:
            self._store.clients.refuse(work, token, now, now + REFUSED)

    def ask_code(self, typed: str) -> None:
        """Have a code sent to whoever has that number; nobody learns whether somebody has. Raises InvalidNumber,
        NotMobile."""
        number = mobile(typed)
        with self._store.transaction() as work:
            clients = self._store.clients.of_number(work, number)
            if clients and not self._asked_enough(work, clients[0]):
                self._send_code(work, clients[0], Kind.CODE, Template.SIGN_IN, CODE_VALID)

    def sign_in(self, typed: str, code: str) -> str:
        """The id of the member whose number it is; an enrolment that the code is of is confirmed by it. Raises
        WrongCode, also for a number that nobody has."""
        try:
            number = mobile(typed)
        except Refused:
            raise WrongCode from None
        with self._store.transaction() as work:
            hold(work, f"loyalty number {number}")
            client_id = self._owner_of(work, number, code)
            signed_in = self._confirm(work, client_id, number) if client_id else None
        if signed_in is None:  # after the commit: the try is spent
            raise WrongCode
        return signed_in.id

    def _client_of(self, work: Work, enrolment: Enrolment) -> Client:
        """Whom the card leads to; else a stranger from now on."""
        if enrolment.token is None:
            raise Refused("no card")
        now = self._parts.now()
        found = self._store.clients.recognise(work, enrolment.token, enrolment.par)
        client = found.client or self._booking.stranger(work, now)
        for token in (enrolment.token, enrolment.par):
            if token and token not in found.known:
                self._store.clients.link(work, token, client.id, now)
        return self._store.clients.held(work, client.id)

    def _join(self, work: Work, client: Client, enrolment: Enrolment, number: str) -> Client:
        identity = self._store.clients.identity(work, client.id)
        if identity is not None and identity.number == number:
            return client  # its answer was lost
        now = self._parts.now()
        if client.joined_at is None:
            self._store.visits.count_enrolment(work, self._parts.day(now), self._parts.hour(now))
        joined = client.become(State.JOINED, joined_at=client.joined_at or now).heard(now)
        self._store.clients.save(work, joined)
        self._store.clients.identify(work, Identity(client.id, number, enrolment.language), confirmed=False)
        self._store.clients.forget_codes(work, [client.id])
        self._consent(work, joined, enrolment)
        self._send_code(work, joined, Kind.SERVICE, Template.CONFIRMATION, UNCONFIRMED)
        return joined

    def _consent(self, work: Work, client: Client, enrolment: Enrolment) -> None:
        """Two answers to two questions, whatever the second was (terminal/LAW-13)."""
        facts = (enrolment.channel, enrolment.language, self._parts.now())
        if enrolment.conditions_version is not None:
            accepted = Consent(client.id, Subject.CONDITIONS, True, enrolment.conditions_version, *facts)
            self._store.consents.add(work, accepted)
        shown = f"{enrolment.channel}.{Subject.SMS_OFFERS}.1"
        answered = Consent(client.id, Subject.SMS_OFFERS, enrolment.sms_offers, shown, *facts)
        self._store.consents.add(work, answered)

    def _points(self, work: Work, programme: Programme, enrolment: Enrolment) -> int:
        """Of the ticket, as they are booked or will be when the till is through with it."""
        booked = self._booking.settle(work, enrolment.ticket, joins=True)
        expected = booked or rules.earned(programme, enrolment.basket, self._parts.today())
        return expected.get(programme.counter, 0)

    def _send_code(self, work: Work, client: Client, kind: Kind, template: Template, valid: timedelta) -> None:
        purpose = Purpose.SIGN_IN if template is Template.SIGN_IN else Purpose.CONFIRMATION
        event_id = f"loyalty.{self._parts.new_id()}"
        self._store.clients.expect_code(work, event_id, client.id, purpose, self._parts.now() + valid, CODE_TRIES)
        self._parts.messages.send(work, event_id, kind, client.id, template, {})

    def _asked_enough(self, work: Work, client: Client) -> bool:
        """Whoever has many codes sent guesses at all of them at once (attacks/H-02)."""
        until, expected = self._parts.now() + CODE_VALID, self._store.clients.expected
        of_member = expected(work, Purpose.SIGN_IN, until - DAY, client.id)
        return of_member >= CODES_A_DAY or expected(work, Purpose.SIGN_IN, until - HOUR) >= CODES_AN_HOUR

    def _owner_of(self, work: Work, number: str, code: str) -> str | None:
        """Each code that was sent to that number, and is still good, loses a try."""
        members = [client.id for client in self._store.clients.of_number(work, number)]
        tried = self._store.clients.try_codes(work, members, OF_NUMBERS, self._parts.now())
        for event_id, member_id in tried:
            if hmac.compare_digest(self._parts.messages.code(event_id).encode(), code.strip().encode()):
                self._store.clients.forget_codes(work, [member_id], OF_NUMBERS)
                return member_id
        return None

    def _confirm(self, work: Work, client_id: str, number: str) -> Client:
        client, now = self._store.clients.held(work, client_id).heard(self._parts.now()), self._parts.now()
        member = self._store.clients.of_number(work, number)[0]
        if client.state is State.JOINED and member.state is State.MEMBER:
            return self._merging.merge(work, client.id, member.id)
        if client.state is State.JOINED:
            client = client.become(State.MEMBER, confirmed_at=now)
            identity = self._store.clients.identity(work, client.id)
            if identity is not None:
                self._store.clients.identify(work, identity, confirmed=True)
        self._store.clients.save(work, client)
        return client


def mobile(typed: str) -> str:
    """E.164. Raises InvalidNumber, NotMobile."""
    number = e164(typed)
    if number is None:
        raise InvalidNumber
    if not is_mobile(number):
        raise NotMobile
    return number
