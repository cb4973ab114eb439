"""A loyalty programme on a database, a clock that the test sets, and messages that are only noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from host.database import Database
from host.jobs.timers import TimerTable
from host.loyalty.model import (
    Basis,
    Basket,
    Conditions,
    Counter,
    Earning,
    Enrolled,
    Enrolment,
    Item,
    LegalClass,
    MemberView,
    Programme,
    Reward,
    RewardKind,
    Visit,
)
from host.loyalty.parts import Parts
from host.loyalty.service import LoyaltyService
from host.loyalty.store import LoyaltyStore
from host.messaging.model import Channel, Kind, Template, Values
from host.messaging.secret import Secret
from host.money import Money
from tests.host.stand_ins import Counter as RandomCounter

NUMBER = "06 12 34 56 78"
E164 = "+33612345678"
CONDITIONS = Conditions("2026-11", {"fr": "1 point par euro."}, "https://zinc.example/f")
PROGRAMME = Programme(
    "Les Amis du Zinc",
    (
        Earning(Counter.POINTS, Basis.AMOUNT, 1),
        Earning(Counter.STAMPS, Basis.ARTICLE, 1, category="Boissons"),
    ),
    (
        Reward("five", RewardKind.REDUCTION, Counter.POINTS, 100, "Remise fidélité", Money(500)),
        Reward("coffee", RewardKind.GIFT, Counter.STAMPS, 10, "Café offert", Money(200), category="Boissons"),
    ),
    datetime(2026, 1, 1, tzinfo=UTC),
    CONDITIONS,
)


class SetClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def later(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class NotedMessages:
    """ports.Messages. sent: (event id, member id, template)."""

    secret: Secret = field(default_factory=lambda: Secret(lambda: bytes(32)))
    sent: list[tuple[str, str, Template]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

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
        if event_id not in {event for event, _, _ in self.sent}:
            self.sent.append((event_id, member_id, template))

    def code(self, event_id: str) -> str:
        return self.secret.code(event_id)

    def forget(self, work: Any, member_id: str) -> None:
        self.forgotten.append(member_id)

    def last_code(self) -> str:
        return self.code(self.sent[-1][0])


class Shop:
    """`token(n)` is card n's; tickets are counted, C1-1, C1-2 ..."""

    def __init__(self, database: Database, programme: Programme | None = PROGRAMME) -> None:
        self.database = database
        self.clock = SetClock()
        self.messages = NotedMessages()
        self.store = LoyaltyStore(database)
        self.timers = TimerTable(database)
        secret, zone = self.messages.secret, ZoneInfo("Europe/Paris")
        self.parts = Parts(
            self.store, self.messages, secret.number_hash, self.timers, self.clock, RandomCounter(), zone
        )
        self.service = LoyaltyService(self.parts)
        self.tickets = 0
        if programme is not None:
            self.service.programmes.publish(programme, {})

    def sale(self, card: int | None, amount: int = 1250, *, ticket: str = "", items: Basket = (), **facts: Any) -> str:
        """`amount` in cents of ordinary articles, unless there are items."""
        self.tickets += not ticket
        ticket = ticket or f"C1-{self.tickets}"
        basket = items or (goods(amount),)
        paid = sum((item.paid for item in basket), Money(0))
        visit = Visit(ticket, facts.pop("at", self.clock.now()), paid, basket, token(card) if card else None, **facts)
        with self.store.transaction() as work:
            self.service.booking.visited(work, visit)
        return ticket

    def joins(self, card: int, ticket: str = "", number: str = NUMBER, **facts: Any) -> Enrolled:
        answers = {"conditions_version": "2026-11", "sms_offers": False, "language": "fr", "token": token(card)}
        return self.service.joining.enrol(Enrolment(ticket, number, **(answers | facts)))

    def member(self, card: int, number: str = NUMBER, **facts: Any) -> str:
        """Whoever joined with that card and confirmed the number."""
        self.joins(card, number=number, **facts)
        return self.service.joining.sign_in(number, self.messages.last_code())

    def view(self, card: int) -> MemberView:
        view = self.service.greeting(token(card))
        assert isinstance(view, MemberView)
        return view

    def points(self, card: int, counter: Counter = Counter.POINTS) -> int:
        with self.store.transaction() as work:
            client = self.store.clients.recognise(work, token(card)).client
            return self.store.points.balances(work, client.id).get(counter, 0) if client else 0


def token(card: int) -> bytes:
    return card.to_bytes(32, "big")


def goods(amount: int, legal_class: LegalClass = LegalClass.ORDINARY, category: str = "Boutique") -> Item:
    return Item(legal_class, category, 1, Money(amount), Money(amount))


def shop(folder: Path) -> Shop:
    database = Database(f"sqlite:///{folder / 'till.db'}")
    database.migrate()
    return Shop(database)
