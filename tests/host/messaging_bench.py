"""A host's messages with members of its own, an inbox for a gateway, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from host.database import Database
from host.jobs.timers import TimerTable
from host.messaging.limits import Bucket, Limits
from host.messaging.model import Address, Channel, Inbound, Kind, Message, Template
from host.messaging.ports import Gateway
from host.messaging.quiet import Hours
from host.messaging.secret import Secret
from host.messaging.sending import Way
from host.messaging.service import MessagingService
from host.messaging.store import MessageStore
from host.messaging.templates import House
from host.messaging.writing import Policy
from tools.simulators.messages.inbox import Inbox

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
HOUSE = House("Café du Zinc", "https://zinc.example", "36180", "https://zinc.example/leave")
PLENTY = Limits(number_day=10_000, codes_hour=10_000, number_codes_hour=10_000, campaigns_month=10_000)


@dataclass
class TestMembers:
    """ports.Members, in memory; `agreed` by channel and member."""

    __test__ = False
    numbers: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    agreed: dict[tuple[Channel, str], datetime] = field(default_factory=dict)
    withdrawn: list[tuple[Channel, str, str]] = field(default_factory=list)

    def addresses(self, work: Any, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, Address]:
        kept = self.numbers if channel is Channel.SMS else self.emails
        return {
            each: Address(kept[each], self.languages.get(each, "fr"), {"points": 42})
            for each in member_ids
            if each in kept
        }

    def consents(self, work: Any, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, datetime]:
        return {each: self.agreed[channel, each] for each in member_ids if (channel, each) in self.agreed}

    def of_number(self, work: Any, number: str) -> Sequence[str]:
        return [member for member, kept in self.numbers.items() if kept == number]

    def withdraw(self, work: Any, channel: Channel, member_id: str, at: datetime, how: str) -> None:
        self.agreed.pop((channel, member_id), None)
        self.withdrawn.append((channel, member_id, how))

    def segment(self, work: Any, segment: str, after: str, limit: int) -> Sequence[str]:
        return sorted(member for member in self.numbers if member > after)[:limit]


class Bench:
    def __init__(
        self,
        database: Database,
        *,
        limits: Limits | None = None,
        hours: Hours | None = None,
        gateway: Gateway | None = None,
        per_second: float = 1e6,
    ) -> None:
        self.at = MONDAY
        self.database = database
        self.store = MessageStore(database)
        self.timers = TimerTable(database)
        self.members = TestMembers()
        self.inbox = Inbox(self.now)
        self.mail = Inbox(self.now, repeats=False, can_ask=False)
        ways = {
            Channel.SMS: Way(gateway or self.inbox, Bucket(per_second, int(per_second))),
            Channel.EMAIL: Way(self.mail, Bucket(per_second, int(per_second))),
        }
        policy = Policy(HOUSE, limits or PLENTY, price="0.049")
        self.service = MessagingService(
            self.store, self.members, ways, policy, hours or Hours(), self.timers, self, Secret(lambda: bytes(32))
        )
        self.inbox.on_reply = lambda number, text, told: self.service.receive(Inbound(told, number, text))

    def now(self) -> datetime:
        return self.at

    def member(self, member_id: str = "m1", number: str = "+33612345678", *, agrees: bool = False) -> str:
        self.members.numbers[member_id] = number
        if agrees:
            self.members.agreed[Channel.SMS, member_id] = self.at - timedelta(days=1)
        return member_id

    def queue(
        self,
        event_id: str,
        member_id: str = "m1",
        kind: Kind = Kind.SERVICE,
        template: Template = Template.CONFIRMATION,
        channel: Channel = Channel.SMS,
        **values: str | int,
    ) -> None:
        with self.store.transaction() as work:
            self.service.send(work, event_id, kind, member_id, template, values, channel)

    async def run(self, **later: float) -> int:
        """Time passes, and whatever is due then is done."""
        self.at += timedelta(**later)
        await self.timers.run_due(self.at)
        return await self.service.run_due(self.at)

    def message(self, event_id: str) -> Message:
        message = self.service.message(event_id)
        assert message is not None
        return message

    def texts(self, number: str = "+33612345678") -> list[str]:
        return [each.letter.text for each in self.inbox.of(number) if not each.outgoing]
