"""Weeks of a café on a clock that is handed in: who comes, joins, confirms, spends and agrees to offers.

Everything goes through the services, as tills, readers and members' pages do; messages are written and given to a
gateway that answers as a real one does, but has nobody behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from host.database import Database
from host.jobs.timers import TimerTable
from host.loyalty.errors import NothingToReduce
from host.loyalty.model import (
    EURO,
    Basis,
    Basket,
    Conditions,
    Counter,
    Earning,
    Enrolment,
    Item,
    LegalClass,
    Programme,
    Reward,
    RewardKind,
    Subject,
    Visit,
)
from host.loyalty.parts import Parts
from host.loyalty.reach import Reach
from host.loyalty.service import LoyaltyService
from host.loyalty.store import LoyaltyStore
from host.messaging.limits import Bucket, Limits
from host.messaging.model import Channel, Kind, Letter, Report, Template, Values
from host.messaging.quiet import Hours
from host.messaging.secret import Secret
from host.messaging.sending import Way
from host.messaging.service import MessagingService
from host.messaging.states import State
from host.messaging.store import MessageStore
from host.messaging.templates import House
from host.messaging.writing import Policy
from host.money import total
from host.point_of_sale.catalogue import CATALOGUE

ZONE = ZoneInfo("Europe/Paris")
TILL = "WEEKS"  # of the tickets: none of a real one has such a reference
REGULARS = 180
JOINED_OF_REGULARS, CONFIRMED, AGREED, WITH_EMAIL = 0.45, 0.9, 0.6, 0.4
OPENS, CLOSES = 7, 20
# How many come in each hour from OPENS on, on a weekday and at the weekend; nobody on Monday.
WEEKDAY = (9, 14, 8, 5, 4, 11, 13, 6, 4, 5, 7, 8, 3)
WEEKEND = (4, 9, 13, 16, 14, 10, 9, 7, 8, 9, 6, 4, 2)
CLASSES = {"Alcools": LegalClass.ALCOHOL, "Livres": LegalClass.BOOK, "Épicerie": LegalClass.FOOD}
PROGRAMME = Programme(
    "Les Amis du Zinc",
    (
        Earning(Counter.POINTS, Basis.AMOUNT, 1, EURO),
        Earning(Counter.STAMPS, Basis.ARTICLE, 1, category="Boissons"),
    ),
    (
        Reward("five", RewardKind.REDUCTION, Counter.POINTS, 50, "2,50 € de remise", EURO.share(5, 2)),
        Reward("coffee", RewardKind.GIFT, Counter.STAMPS, 10, "Boisson offerte", EURO * 4, category="Boissons"),
    ),
    datetime(2026, 1, 1, tzinfo=UTC),
    Conditions(
        "2026-10",
        {"fr": "1 point par euro, alcool exclu. 50 points : 2,50 € de remise. Valables un an."},
        "https://zinc.example/fidelite",
    ),
    birthday_bonus=20,
    expiry_days=365,
)


class PlayedClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class NobodyThere:
    """A gateway (ports.Gateway) that tells at once what became of each message."""

    repeats, can_ask = True, True

    def __init__(self, random: Random) -> None:
        self._random = random
        self.ends: dict[str, State] = {}

    async def send(self, letter: Letter) -> str | None:
        share = self._random.random()
        self.ends[letter.event_id] = (
            State.UNDELIVERED if share < 0.05 else State.SENT if share < 0.08 else State.DELIVERED
        )
        return f"g-{len(self.ends)}"

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:
        end = self.ends.get(event_id)
        return Report(end, gateway_id, event_id) if end else None


@dataclass
class Regular:
    """token: of the card. every_days: how often they come, on average, until `leaves`."""

    token: bytes
    every_days: float
    leaves: date
    number: str = field(repr=False)
    joins: bool
    member_id: str = ""
    asked: bool = False


class Cafe:
    """The services of one shop, on `clock`; random bytes come from `random`, so the same weeks are played again."""

    def __init__(self, database: Database, clock: PlayedClock, random: Random) -> None:
        self.clock = clock
        self.random = random
        store, secret = LoyaltyStore(database), Secret(lambda: bytes(32))
        self.timers = TimerTable(database)
        self.gateway = NobodyThere(random)
        way = Way(self.gateway, Bucket(1e6, 1_000_000))
        self.messages = MessagingService(
            MessageStore(database),
            Reach(store, clock),
            dict.fromkeys(Channel, way),
            Policy(
                House("Café du Zinc", "https://zinc.example/fidelite", "36180", "https://zinc.example/leave"),
                Limits(),
                price="0.049",
            ),
            Hours(),
            self.timers,
            clock,
            secret,
        )
        self.events: dict[str, str] = {}  # the last message to each member
        parts = Parts(store, self, secret.number_hash, self.timers, clock, random.randbytes, ZONE)
        self.loyalty = LoyaltyService(parts)
        self._store = store
        self._tickets = 0

    # ports.Messages: as the service, and the codes are remembered for whoever types them

    def send(
        self,
        work: Any,
        event_id: str,
        kind: Kind,
        member_id: str,
        template: Template,
        values: Values,
        channel: Channel = Channel.SMS,
    ) -> None:
        self.events[member_id] = event_id
        self.messages.send(work, event_id, kind, member_id, template, values, channel)

    def code(self, event_id: str) -> str:
        return self.messages.code(event_id)

    def forget(self, work: Any, member_id: str) -> None:
        self.messages.forget(work, member_id)

    def sells(self, basket: Basket, token: bytes | None) -> str:
        self._tickets += 1
        ticket = f"{TILL}-{self._tickets}"
        paid = total([item.paid for item in basket])
        with self._store.transaction() as work:
            self.loyalty.booking.visited(work, Visit(ticket, self.clock.now(), paid, basket, token))
        return ticket

    def enrols(self, regular: Regular, ticket: str, basket: Basket) -> None:
        agrees = self.random.random() < AGREED
        enrolment = Enrolment(ticket, regular.number, "2026-10", agrees, "fr", regular.token, basket=basket)
        joined = self.loyalty.joining.enrol(enrolment).member_id
        if self.random.random() > CONFIRMED:
            return
        regular.member_id = self.loyalty.joining.sign_in(regular.number, self.code(self.events[joined]))
        if self.random.random() < WITH_EMAIL:
            self._gives_email(regular.member_id)

    def spends(self, regular: Regular, basket: Basket) -> Basket:
        """The first reward that they have enough for, on half of the occasions."""
        view = self.loyalty.member(regular.member_id)
        if not view.rewards or self.random.random() < 0.5:
            return basket
        reward, reference = view.rewards[0], f"{TILL}-{self._tickets + 1}"
        try:
            with self._store.transaction() as work:
                taken = self.loyalty.spending.reduction(work, view.member_id, reward.id, basket)
                self.loyalty.spending.spend(work, view.member_id, reward.id, reference, reference)
        except NothingToReduce:
            return basket
        off = dict(taken.parts)
        return tuple(replace(each, paid=each.paid - off[at]) if at in off else each for at, each in enumerate(basket))

    def _gives_email(self, member_id: str) -> None:
        email = f"client{self.random.randrange(10**6)}@example.org"
        birthday = f"{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}"
        self.loyalty.members.update(member_id, email=email, birthday=birthday, language="fr")
        self.loyalty.members.confirm_email(member_id, self.code(self.events[member_id]))
        self.loyalty.members.consent(member_id, Subject.EMAIL_OFFERS, True, "page.email_offers.1", "page", "fr")


def play(cafe: Cafe, last: date, weeks: int, done: Callable[[date], None] = lambda _: None) -> None:
    """Up to `last`, included. Messages leave in the evening; `done` hears of each day."""
    first = last - timedelta(weeks=weeks) + timedelta(days=1)
    cafe.clock.moment = datetime.combine(first, time(6), ZONE).astimezone(UTC)
    cafe.loyalty.programmes.publish(PROGRAMME, CLASSES)
    people = [_regular(cafe.random, index, first, last) for index in range(REGULARS)]
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        _offer(cafe, day)
        for hour, visits in enumerate(_visits(day), OPENS):
            for minute in sorted(cafe.random.randrange(60) for _ in range(_about(cafe.random, visits))):
                cafe.clock.moment = datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)
                _visit(cafe, people, day)
        asyncio.run(_evening(cafe, day))
        done(day)


def _offer(cafe: Cafe, day: date) -> None:
    """On every second Tuesday, by SMS and by e-mail in turn."""
    week = day.isocalendar().week
    if day.weekday() != 1 or week % 2:
        return
    campaigns = cafe.messages.campaigns
    channel = Channel.EMAIL if week % 4 else Channel.SMS
    text = "Votre boisson chaude est à moitié prix mercredi après-midi. Vous avez {points} points."
    cafe.clock.moment = datetime.combine(day, time(9), ZONE).astimezone(UTC)
    drafted = campaigns.draft(f"Mercredi doux, semaine {week}", channel, "all", text, "Mercredi doux")
    campaigns.schedule(drafted.id)


def _regular(random: Random, index: int, first: date, last: date) -> Regular:
    leaves = last if random.random() < 0.7 else first + timedelta(days=random.randrange((last - first).days + 1))
    number = f"06{39_980_000 + random.randrange(20_000):08d}"
    token = (index + 1).to_bytes(32, "big")
    return Regular(token, random.choice((2, 4, 7, 7, 14, 21)), leaves, number, random.random() < JOINED_OF_REGULARS)


def _visits(day: date) -> tuple[int, ...]:
    return () if day.weekday() == 0 else WEEKEND if day.weekday() > 4 else WEEKDAY


def _about(random: Random, count: int) -> int:
    return max(0, round(random.gauss(count, count**0.5)))


def _visit(cafe: Cafe, people: list[Regular], day: date) -> None:
    """A regular, as often as they come; else somebody with a card of their own, or in cash."""
    random, basket = cafe.random, _basket(cafe.random)
    regular = random.choices(people, [1 / each.every_days for each in people])[0]
    if regular.leaves < day or random.random() < 0.35:
        cafe.sells(basket, random.randbytes(32) if random.random() < 0.6 else None)
        return
    basket = cafe.spends(regular, basket) if regular.member_id else basket
    ticket = cafe.sells(basket, regular.token)
    if regular.joins and not regular.asked and random.random() < 0.4:
        regular.asked = True
        cafe.enrols(regular, ticket, basket)


def _basket(random: Random) -> Basket:
    shelf = random.choices(CATALOGUE, [20, 6, 6, 12, 10, 2, 6, 1, 1], k=random.choice((1, 1, 2, 2, 3)))
    items = []
    for _, category, price, _ in shelf:
        quantity = random.choice((1, 1, 1, 2))
        items.append(
            Item(CLASSES.get(category, LegalClass.ORDINARY), category, quantity, price * quantity, price * quantity)
        )
    return tuple(items)


async def _evening(cafe: Cafe, day: date) -> None:
    """Timers, then messages until none is due: reports come with the next one."""
    for hour in (10, 18, 21):
        cafe.clock.moment = max(cafe.clock.moment, datetime.combine(day, time(hour), ZONE).astimezone(UTC))
        await cafe.timers.run_due(cafe.clock.moment)
        while await cafe.messages.run_due(cafe.clock.moment):
            pass
