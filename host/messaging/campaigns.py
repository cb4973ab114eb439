"""Campaigns: an offer to the members of a segment who agreed to it.

When it is due, a timer puts its messages into the outbox, a batch a transaction, with how far it came. The outbox has
at most one for each campaign and member, so that a batch which is done again does nothing. Whether a message may leave
is looked at once more when it does (writing.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from host.clock import Clock
from host.database import Work
from host.jobs.port import Timers
from host.messaging import templates
from host.messaging.campaign_store import CampaignStore
from host.messaging.errors import IllegalMove
from host.messaging.gsm import Size, size
from host.messaging.model import WORTH, Address, Campaign, Channel, Kind, Message, Template, Value, Why
from host.messaging.ports import Members
from host.messaging.quiet import Hours, next_allowed
from host.messaging.states import CampaignState, State
from host.messaging.store import MessageStore
from host.messaging.writing import Policy
from host.money import Money

TIMER = "campaign"  # its key is the campaign's id
BATCH = 1000  # members
BATCHES_AT_ONCE = 10  # before other timers have their turn
NEXT_TURN = timedelta(milliseconds=1)  # a timer that is set to the same moment again counts as one that failed
MONTH = timedelta(days=30)
WIDEST: dict[str, Value] = {"points": 99999}  # for the preview


@dataclass(frozen=True)
class Preview:
    """`members` of the segment; `reached` of them agreed, and had not too many offers this month; `cost` at most."""

    members: int
    reached: int
    parts: int
    cost: Money
    sample: str
    size: Size
    leaves_at: datetime


class Campaigns:
    def __init__(
        self,
        store: MessageStore,
        campaigns: CampaignStore,
        members: Members,
        policy: Policy,
        hours: Hours,
        timers: Timers,
        clock: Clock,
    ) -> None:
        self._store = store
        self._campaigns = campaigns
        self._members = members
        self._policy = policy
        self._hours = hours
        self._timers = timers
        self._clock = clock
        timers.handle(TIMER, self._go_on)

    @property
    def hours(self) -> Hours:
        """In which offers leave."""
        return self._hours

    @property
    def most_a_month(self) -> int:
        """Offers to one member."""
        return self._policy.limits.campaigns_month

    def draft(self, name: str, channel: Channel, segment: str, text: str, subject: str = "") -> Campaign:
        """Raises ValueMissing for a gap that nothing fills, KeyError for a segment that there is not."""
        templates.check_text(text)
        campaign = Campaign(name, channel, segment, text.strip(), " ".join(subject.split()), self._clock.now())
        with self._store.transaction() as work:
            self._members.segment(work, segment, "", 1)
            return replace(campaign, id=self._campaigns.add(work, campaign))

    def change(self, campaign: Campaign) -> None:
        """Of a draft, whatever of it changed. Raises ValueMissing, IllegalMove."""
        templates.check_text(campaign.text)
        with self._store.transaction() as work:
            if self._campaigns.get(work, campaign.id).state is not CampaignState.DRAFT:
                raise IllegalMove("a campaign that is scheduled is not changed")
            self._campaigns.save(work, replace(campaign, state=CampaignState.DRAFT))

    def preview(self, campaign: Campaign, at: datetime | None = None) -> Preview:
        """As it would be if it left at `at`, now by default. Reads the whole segment, page by page: a matter for a
        thread."""
        now = self._clock.now()
        sizes = {language: size(self._text(campaign, language)) for language in templates.LANGUAGES}
        members = reached = parts = 0
        for page in self._pages(campaign):
            with self._store.reading() as work:
                agreed = self._reached(work, campaign, page, now)
            members, reached = members + len(page), reached + len(agreed)
            parts += sum(sizes.get(address.language, sizes["fr"]).parts for address in agreed.values())
        parts = parts if campaign.channel is Channel.SMS else 0
        sample = self._text(campaign, "fr")
        leaves_at = next_allowed(self._hours, max(at or now, now))
        return Preview(members, reached, parts, self.cost(parts), sample, sizes["fr"], leaves_at)

    def cost(self, parts: int) -> Money:
        """Of so many SMS, rounded up to the cent."""
        cents = Decimal(self._policy.price) * parts * 100
        return Money(int(cents.to_integral_value(ROUND_CEILING)))

    def schedule(self, campaign_id: int, at: datetime | None = None) -> Campaign:
        """It leaves at `at`, by default at once, or as soon after as offers may. Raises IllegalMove."""
        now = self._clock.now()
        leaves_at = next_allowed(self._hours, max(at or now, now))
        with self._store.transaction() as work:
            scheduled = self._become(work, campaign_id, CampaignState.SCHEDULED, scheduled_at=leaves_at)
            self._timers.set(work, TIMER, str(campaign_id), leaves_at)
        return scheduled

    def unschedule(self, campaign_id: int) -> Campaign:
        """A draft again. Raises IllegalMove once its messages go out."""
        with self._store.transaction() as work:
            self._timers.clear(work, TIMER, str(campaign_id))
            return self._become(work, campaign_id, CampaignState.DRAFT, scheduled_at=None)

    def cancel(self, campaign_id: int) -> int:
        """What was not sent yet is not sent: how many messages. Raises IllegalMove."""
        with self._store.transaction() as work:
            self._timers.clear(work, TIMER, str(campaign_id))
            self._become(work, campaign_id, CampaignState.CANCELLED)
            return self._store.cancel(work, campaign_id)

    def latest(self, most: int = 50) -> list[Campaign]:
        with self._store.transaction() as work:
            return self._campaigns.latest(work, most)

    def totals(self, campaign_id: int) -> dict[State, tuple[int, int]]:
        """Messages and SMS by state."""
        with self._store.transaction() as work:
            return self._store.totals(work, campaign_id)

    def refused(self, campaign_id: int) -> dict[Why, int]:
        """Messages that were not sent, by the reason."""
        with self._store.transaction() as work:
            return self._store.refused(work, campaign_id)

    # ---- the timer ----

    async def _go_on(self, key: str) -> None:
        """Some batches; the timer is due at once again until all are done."""
        for _ in range(BATCHES_AT_ONCE):
            if not self._queue_batch(int(key)):
                return
            await asyncio.sleep(0)

    def _queue_batch(self, campaign_id: int) -> bool:
        """Whether more are left."""
        now = self._clock.now()
        with self._store.transaction() as work:
            campaign = self._campaigns.get(work, campaign_id)
            if campaign.state is CampaignState.SCHEDULED:
                campaign = campaign.become(CampaignState.QUEUEING)
            if campaign.state is not CampaignState.QUEUEING:
                self._timers.clear(work, TIMER, str(campaign_id))
                return False
            page = self._members.segment(work, campaign.segment, campaign.queued_to, BATCH)
            reached = self._reached(work, campaign, page, now)
            self._store.add(work, [self._message(campaign, member_id, now) for member_id in reached])
            self._campaigns.save(work, _further(campaign, page, len(reached)))
            if len(page) < BATCH:
                self._timers.clear(work, TIMER, str(campaign_id))
            else:
                self._timers.set(work, TIMER, str(campaign_id), now + NEXT_TURN)
        return len(page) == BATCH

    def _message(self, campaign: Campaign, member_id: str, now: datetime) -> Message:
        return Message(
            event_id=f"campaign:{campaign.id}:{member_id}",
            channel=campaign.channel,
            kind=Kind.MARKETING,
            member_id=member_id,
            template=Template.CAMPAIGN,
            values={"campaign": campaign.id},
            queued_at=now,
            worth_until=now + WORTH[Kind.MARKETING],
            due_at=next_allowed(self._hours, now),
            campaign=campaign.id,
        )

    def _reached(self, work: Work, campaign: Campaign, page: Sequence[str], now: datetime) -> dict[str, Address]:
        """Of a page, those who agreed, have an address, and had not too many offers in the last month."""
        agreed = sorted(self._members.consents(work, campaign.channel, page)) if page else []
        addresses = self._members.addresses(work, campaign.channel, agreed) if agreed else {}
        had = self._store.offers_to(work, agreed, now - MONTH) if agreed else {}
        most = self._policy.limits.campaigns_month
        return {each: addresses[each] for each in agreed if each in addresses and had.get(each, 0) < most}

    def _pages(self, campaign: Campaign) -> Iterator[Sequence[str]]:
        after = ""
        while True:
            with self._store.reading() as work:
                page = self._members.segment(work, campaign.segment, after, BATCH)
            if page:
                yield page
                after = page[-1]
            if len(page) < BATCH:
                return

    def _text(self, campaign: Campaign, language: str) -> str:
        values: dict[str, Value] = {"text": templates.fill(campaign.text, WIDEST), "unsubscribe": "…"}
        house = self._policy.house
        return templates.render(Template.CAMPAIGN, Kind.MARKETING, campaign.channel, language, house, values)

    def _become(self, work: Work, campaign_id: int, state: CampaignState, **facts: object) -> Campaign:
        campaign = self._campaigns.get(work, campaign_id).become(state, **facts)
        self._campaigns.save(work, campaign)
        return campaign


def _further(campaign: Campaign, page: Sequence[str], added: int) -> Campaign:
    further = replace(
        campaign,
        queued_to=page[-1] if page else campaign.queued_to,
        looked_at=campaign.looked_at + len(page),
        queued=campaign.queued + added,
    )
    return further if len(page) == BATCH else further.become(CampaignState.QUEUED)
