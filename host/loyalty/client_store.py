"""Clients, the cards that lead to them, and the one row that says who a client is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Row, bindparam, func, select

from host.database import Work, hold
from host.loyalty.errors import UnknownMember
from host.loyalty.model import Client, Counter, Identity, Purpose
from host.loyalty.states import ENROLLED, State
from host.loyalty.tables import balances, cards, clients, codes, erasures, identities, programmes
from host.loyalty.upsert import Once
from host.money import Money

NO_TOKEN = b""

# Made once: to make a statement costs as much as to run it.
GET = select(clients).where(clients.c.id == bindparam("wanted"))
OF_CARDS = (
    select(cards.c.token, cards.c.asked_again_at, clients)
    .select_from(cards.outerjoin(clients, clients.c.id == cards.c.client_id))
    .where(cards.c.token.in_([bindparam("token"), bindparam("par")]))
)
IN_FORCE = select(func.max(programmes.c.version).label("version")).where(programmes.c.valid_from <= bindparam("now"))
VERSION = IN_FORCE.subquery()
GREET = select(
    VERSION.c.version,
    cards.c.token,
    cards.c.asked_again_at,
    clients.c.id,
    clients.c.state,
    balances.c.counter,
    balances.c.points,
).select_from(
    VERSION.outerjoin(cards, cards.c.token.in_([bindparam("token"), bindparam("par")]))
    .outerjoin(clients, clients.c.id == cards.c.client_id)
    .outerjoin(balances, balances.c.member_id == clients.c.id)
)
SAVE = clients.update().where(clients.c.id == bindparam("wanted"))
SEEN = Once(cards)
OF_NUMBER = (
    select(clients, identities.c.confirmed)
    .join(identities, identities.c.member_id == clients.c.id)
    .where(identities.c.number == bindparam("wanted"))
    .order_by(identities.c.confirmed.desc(), clients.c.joined_at.desc(), clients.c.id)
)


@dataclass(frozen=True)
class Recognised:
    """What a card and its account lead to. refused_until: its holder said no."""

    client: Client | None
    others: tuple[Client, ...] = ()  # where card and account lead to two
    known: frozenset[bytes] = frozenset()
    refused_until: datetime | None = None


@dataclass(frozen=True)
class Greeted:
    """What is said of a card after its payment needs this, and no more. version: of the programme in force, if there
    is one; member_id: of who is enrolled."""

    version: int | None
    member_id: str | None = None
    confirmed: bool = False
    balances: Mapping[Counter, int] = field(default_factory=dict)
    refused_until: datetime | None = None


class ClientStore:
    def add(self, work: Work, client: Client) -> None:
        work.execute(clients.insert(), client_row(client))

    def get(self, work: Work, client_id: str) -> Client:
        """Also one that is gone. Raises UnknownMember."""
        row = work.execute(GET, {"wanted": client_id}).first()
        if row is None:
            raise UnknownMember(client_id)
        return read_client(row)

    def held(self, work: Work, client_id: str) -> Client:
        """As it is now, and nobody else changes it before this transaction ends; under whatever id it goes on."""
        hold(work, f"loyalty {client_id}")
        client = self.get(work, client_id)
        return self.held(work, client.merged_into) if client.merged_into else client

    def save(self, work: Work, client: Client) -> None:
        work.execute(SAVE, client_row(client) | {"wanted": client.id})

    def family(self, work: Work, client_id: str) -> list[str]:
        """The ids under which visits and points of it are booked."""
        merged = select(clients.c.id).where(clients.c.merged_into == client_id).order_by(clients.c.id)
        return [client_id, *work.scalars(merged)]

    def families(self, work: Work, client_ids: Sequence[str]) -> dict[str, str]:
        """By each id under which something of them is booked, whose it is."""
        merged = select(clients.c.id, clients.c.merged_into).where(clients.c.merged_into.in_(client_ids))
        owners = {client_id: client_id for client_id in client_ids}
        return owners | {row.id: row.merged_into for row in work.execute(merged)}

    def adopt(self, work: Work, gone: str, stays: str) -> None:
        """Whoever was merged into the one is the other's."""
        work.execute(clients.update().where(clients.c.merged_into == gone).values(merged_into=stays))

    def chosen(self, work: Work, where: ColumnElement[bool], limit: int) -> list[Client]:
        rows = work.execute(select(clients).where(where).order_by(clients.c.last_contact_at).limit(limit))
        return [read_client(row) for row in rows]

    # ---- cards ----

    def recognise(self, work: Work, token: bytes | None, par: bytes | None = None) -> Recognised:
        """Whoever is enrolled comes before a stranger, the card before its account."""
        asked = {"token": token or NO_TOKEN, "par": par or NO_TOKEN}
        rows = sorted(work.execute(OF_CARDS, asked), key=lambda row: (row.state not in ENROLLED, row.token != token))
        found = list(dict.fromkeys(read_client(row) for row in rows if row.id is not None))
        refused = [row.asked_again_at for row in rows if row.asked_again_at is not None]
        known = frozenset(row.token for row in rows if row.id is not None)
        return Recognised(found[0] if found else None, tuple(found[1:]), known, max(refused, default=None))

    def greeted(self, work: Work, token: bytes, par: bytes | None, now: datetime) -> Greeted:
        """The same card, in one statement: it is on the way of every payment."""
        asked = {"token": token, "par": par or NO_TOKEN, "now": now}
        rows = work.execute(GREET, asked).all()
        if len(rows) > 1:
            rows = sorted(rows, key=lambda row: (row.state not in ENROLLED, row.token != token))
        first, refused = rows[0], max((row.asked_again_at for row in rows if row.asked_again_at), default=None)
        if first.state not in ENROLLED:
            return Greeted(first.version, refused_until=refused)
        points = {Counter(row.counter): row.points for row in rows if row.id == first.id and row.counter}
        return Greeted(first.version, first.id, first.state == State.MEMBER, points, refused)

    def link(self, work: Work, token: bytes, client_id: str | None, at: datetime) -> None:
        if not SEEN.add(work, {"token": token, "client_id": client_id, "linked_at": at, "asked_again_at": None}):
            work.execute(cards.update().where(cards.c.token == token).values(client_id=client_id, linked_at=at))

    def refuse(self, work: Work, token: bytes, at: datetime, until: datetime) -> None:
        if not SEEN.add(work, {"token": token, "client_id": None, "linked_at": at, "asked_again_at": until}):
            work.execute(cards.update().where(cards.c.token == token).values(asked_again_at=until))

    def relink(self, work: Work, client_id: str, to: str) -> None:
        work.execute(cards.update().where(cards.c.client_id == client_id).values(client_id=to))

    def unlink(self, work: Work, client_id: str, linked_at: datetime | None = None) -> int:
        """Its cards, or the one that was linked then; how many they were."""
        of_client = cards.c.client_id == client_id
        which = of_client if linked_at is None else of_client & (cards.c.linked_at == linked_at)
        return work.execute(cards.delete().where(which)).rowcount

    def linked(self, work: Work, client_id: str) -> list[datetime]:
        """When each of its cards was seen first."""
        return list(work.scalars(select(cards.c.linked_at).where(cards.c.client_id == client_id).order_by("linked_at")))

    def forget_refusals(self, work: Work, now: datetime) -> None:
        past = cards.c.asked_again_at <= now
        work.execute(cards.delete().where(past & cards.c.client_id.is_(None)))
        work.execute(cards.update().where(past).values(asked_again_at=None))

    # ---- who they are ----

    def identify(self, work: Work, identity: Identity, confirmed: bool) -> None:
        """Instead of what was there."""
        self.forget(work, identity.member_id)
        work.execute(identities.insert(), _identity_row(identity) | {"confirmed": confirmed})

    def identity(self, work: Work, member_id: str) -> Identity | None:
        row = work.execute(select(identities).where(identities.c.member_id == member_id)).first()
        return read_identity(row) if row else None

    def identities(self, work: Work, member_ids: Sequence[str], confirmed_only: bool = True) -> dict[str, Identity]:
        wanted = identities.c.member_id.in_(member_ids)
        where = wanted & identities.c.confirmed if confirmed_only else wanted
        return {row.member_id: read_identity(row) for row in work.execute(select(identities).where(where))}

    def of_number(self, work: Work, number: str) -> list[Client]:
        """The member who confirmed it first, then those who typed it, the latest first."""
        return [read_client(row) for row in work.execute(OF_NUMBER, {"wanted": number})]

    def born(self, work: Work, birthdays: Iterable[str], after: str, limit: int) -> list[Identity]:
        """Members whose birthday is one of these, MM-DD; ids greater than `after`, ascending."""
        where = identities.c.birthday.in_(list(birthdays)) & identities.c.confirmed & (identities.c.member_id > after)
        rows = work.execute(select(identities).where(where).order_by(identities.c.member_id).limit(limit))
        return [read_identity(row) for row in rows]

    def forget(self, work: Work, member_id: str) -> None:
        work.execute(identities.delete().where(identities.c.member_id == member_id))

    def erased(self, work: Work, member_id: str, number_hash: bytes, at: datetime, kept_until: datetime) -> None:
        facts = {"member_id": member_id, "number_hash": number_hash, "erased_at": at, "kept_until": kept_until}
        work.execute(erasures.insert(), facts)

    def erased_of(self, work: Work, number_hash: bytes) -> list[str]:
        """Members of that number who are gone, the latest first: their consents are the proof."""
        of_number = select(erasures.c.member_id).where(erasures.c.number_hash == number_hash)
        return list(work.scalars(of_number.order_by(erasures.c.erased_at.desc())))

    def forget_erasures(self, work: Work, now: datetime) -> None:
        work.execute(erasures.delete().where(erasures.c.kept_until <= now))

    # ---- codes that were sent ----

    def expect_code(
        self, work: Work, event_id: str, member_id: str, purpose: Purpose, until: datetime, tries: int
    ) -> None:
        facts = {"event_id": event_id, "member_id": member_id, "valid_until": until, "tries_left": tries}
        work.execute(codes.insert(), facts | {"purpose": str(purpose)})

    def try_codes(
        self, work: Work, member_ids: Sequence[str], purposes: Iterable[Purpose], now: datetime
    ) -> list[tuple[str, str]]:
        """(event id, member id) of each that may be tried now; one try of each is spent."""
        open_ones = codes.c.member_id.in_(member_ids) & (codes.c.valid_until > now) & (codes.c.tries_left > 0)
        meant = codes.c.purpose.in_([str(purpose) for purpose in purposes])
        spent = codes.update().where(open_ones & meant).values(tries_left=codes.c.tries_left - 1)
        rows = work.execute(spent.returning(codes.c.event_id, codes.c.member_id)).all()
        return sorted((row.event_id, row.member_id) for row in rows)

    def expected(self, work: Work, purpose: Purpose, since: datetime, member_id: str | None = None) -> int:
        """How many codes, of that member or of all, that hold, or held, until later than that."""
        meant = (codes.c.purpose == str(purpose)) & (codes.c.valid_until > since)
        meant = meant if member_id is None else meant & (codes.c.member_id == member_id)
        return work.scalar(select(func.count()).select_from(codes).where(meant)) or 0

    def void_codes(self, work: Work, member_id: str, purpose: Purpose) -> None:
        """None of them is good any more; they are counted still."""
        mine = (codes.c.member_id == member_id) & (codes.c.purpose == str(purpose))
        work.execute(codes.update().where(mine).values(tries_left=0))

    def forget_codes(self, work: Work, member_ids: Sequence[str], purposes: Iterable[Purpose] = tuple(Purpose)) -> None:
        meant = codes.c.purpose.in_([str(purpose) for purpose in purposes])
        work.execute(codes.delete().where(codes.c.member_id.in_(member_ids) & meant))

    def forget_late_codes(self, work: Work, now: datetime) -> None:
        work.execute(codes.delete().where(codes.c.valid_until <= now))


def client_row(client: Client) -> dict[str, object]:
    return {
        "id": client.id,
        "state": str(client.state),
        "since": client.since,
        "last_contact_at": client.last_contact_at,
        "joined_at": client.joined_at,
        "confirmed_at": client.confirmed_at,
        "merged_into": client.merged_into,
        "visits": client.visits,
        "turnover_minor": client.turnover.amount_minor,
        "first_visit_at": client.first_visit_at,
        "last_visit_at": client.last_visit_at,
        "rewards": client.rewards,
    }


def read_client(row: Row) -> Client:
    return Client(
        row.id,
        State(row.state),
        row.since,
        row.last_contact_at,
        row.joined_at,
        row.confirmed_at,
        row.merged_into,
        row.visits,
        Money(row.turnover_minor),
        row.first_visit_at,
        row.last_visit_at,
        row.rewards,
    )


def read_identity(row: Row) -> Identity:
    return Identity(row.member_id, row.number, row.language, row.email, row.birthday, row.email_confirmed)


def _identity_row(identity: Identity) -> dict[str, object]:
    return {
        "member_id": identity.member_id,
        "number": identity.number,
        "language": identity.language,
        "email": identity.email,
        "birthday": identity.birthday,
        "email_confirmed": identity.email_confirmed,
    }
