"""Campaigns: who gets them, what they cost, when they leave, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host.database import Database
from host.messaging import campaigns as module
from host.messaging.errors import IllegalMove, UnknownCampaign, ValueMissing
from host.messaging.limits import Limits
from host.messaging.model import Campaign, Channel, Why
from host.messaging.states import CampaignState, State
from host.money import Money
from tests.host.messaging_bench import PLENTY, Bench

COLUMNS = 'channel, kind, rank, member_id, template, "values", campaign, queued_at, worth_until, state, attempts, parts'
SUNDAY_EVENING = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture
def bench(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(module, "BATCH", 7)
    bench = Bench(database, limits=Limits(**(vars(PLENTY) | {"campaigns_month": 2})))
    for number in range(40):
        bench.member(f"m{number:02}", f"+336000000{number:02}", agrees=number % 4 == 0)
    return bench


def draft(bench: Bench, text: str = "-10 % ce samedi, {points} points déjà") -> Campaign:
    return bench.service.campaigns.draft("Samedi", Channel.SMS, "all", text)


async def until_quiet(bench: Bench) -> None:
    while await bench.run(seconds=1):
        pass


@pytest.mark.covers("terminal/LAW-12")
def test_a_preview_counts_those_who_agreed_and_says_what_it_costs(bench: Bench) -> None:
    campaign = draft(bench)
    preview = bench.service.campaigns.preview(campaign)
    assert (preview.members, preview.reached, preview.parts) == (40, 10, 10)
    assert preview.cost == Money(49)
    assert preview.sample == "Café du Zinc : -10 % ce samedi, 99999 points déjà\nSTOP au 36180"
    assert preview.leaves_at == bench.at
    long = bench.service.campaigns.preview(draft(bench, "ç" * 60))
    assert (long.parts, long.size.costly) == (20, "ç")


@pytest.mark.covers("terminal/LAW-12")
def test_a_campaign_reaches_those_who_agreed_once_each(bench: Bench) -> None:
    async def story() -> None:
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id)
        await until_quiet(bench)
        assert sorted(each.letter.to for each in bench.inbox.arrived) == [
            f"+336000000{number:02}" for number in range(0, 40, 4)
        ]
        (first, *_) = bench.texts("+33600000000")
        assert first == "Café du Zinc : -10 % ce samedi, 42 points déjà\nSTOP au 36180"
        (kept,) = bench.service.campaigns.latest()
        assert (kept.state, kept.looked_at, kept.queued) == (CampaignState.QUEUED, 40, 10)
        assert bench.service.campaigns.totals(campaign.id) == {State.SENT: (10, 10)}

    asyncio.run(story())


def test_one_that_is_scheduled_on_a_sunday_evening_leaves_on_monday(bench: Bench) -> None:
    async def story() -> None:
        bench.at = SUNDAY_EVENING
        for each in list(bench.members.agreed):
            bench.members.agreed[each] = bench.at - timedelta(days=1)
        scheduled = bench.service.campaigns.schedule(draft(bench).id)
        assert scheduled.scheduled_at == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        await bench.run(hours=11, minutes=59)
        assert bench.inbox.arrived == []
        await bench.run(minutes=1)
        await until_quiet(bench)
        assert len(bench.inbox.arrived) == 10

    asyncio.run(story())


def test_so_many_offers_a_month_to_a_member(bench: Bench) -> None:
    async def story() -> None:
        for _ in range(3):
            bench.service.campaigns.schedule(draft(bench).id)
            await until_quiet(bench)
        assert len(bench.inbox.arrived) == 20
        assert bench.service.campaigns.preview(draft(bench)).reached == 0
        await bench.run(days=31)
        assert bench.service.campaigns.preview(draft(bench)).reached == 10

    asyncio.run(story())


def test_who_takes_the_consent_back_meanwhile_gets_nothing(bench: Bench) -> None:
    async def story() -> None:
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id)
        await bench.timers.run_due(bench.at)
        bench.inbox.reply("+33600000004", "STOP")
        del bench.members.agreed[Channel.SMS, "m08"]
        await until_quiet(bench)
        offers = [each for each in bench.inbox.arrived if "-10 %" in each.letter.text]
        assert len(offers) == 8
        assert bench.service.campaigns.totals(campaign.id)[State.REFUSED][0] == 2

    asyncio.run(story())


def test_cancelled_half_way(bench: Bench) -> None:
    async def story() -> None:
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id)
        await bench.timers.run_due(bench.at)
        assert bench.service.campaigns.cancel(campaign.id) == 10
        await until_quiet(bench)
        assert bench.inbox.arrived == []
        assert bench.message(f"campaign:{campaign.id}:m00").why is Why.CANCELLED
        with pytest.raises(IllegalMove):
            bench.service.campaigns.schedule(campaign.id)

    asyncio.run(story())


def test_a_schedule_is_taken_back_and_the_text_changed(bench: Bench) -> None:
    async def story() -> None:
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id, bench.at + timedelta(hours=2))
        with pytest.raises(IllegalMove):
            bench.service.campaigns.change(campaign)
        bench.service.campaigns.unschedule(campaign.id)
        await bench.run(hours=3)
        assert bench.inbox.arrived == []
        with pytest.raises(ValueMissing):
            draft(bench, "{name}")
        with pytest.raises(UnknownCampaign):
            bench.service.campaigns.cancel(999)

    asyncio.run(story())


@pytest.mark.covers("faults/R-19")
def test_a_crash_between_two_batches_doubles_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(module, "BATCHES_AT_ONCE", 1)
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id)
        await bench.timers.run_due(bench.at)
        queued = bench.service.campaigns.latest()[0]
        assert (queued.state, queued.looked_at) == (CampaignState.QUEUEING, 7)
        other = Bench(bench.database)  # the host's next life
        other.members, other.at = bench.members, bench.at
        other.service._members = other.service.campaigns._members = bench.members
        other.service._sending._writer._members = bench.members
        await until_quiet(other)
        assert len(other.inbox.arrived) == 10
        assert len({each.letter.to for each in other.inbox.arrived}) == 10

    asyncio.run(story())


@pytest.mark.covers("services/SC-5")
def test_the_database_holds_one_message_for_campaign_and_member(bench: Bench) -> None:
    async def story() -> None:
        campaign = draft(bench)
        bench.service.campaigns.schedule(campaign.id)
        await bench.timers.run_due(bench.at)
        again = f"INSERT INTO message (event_id, {COLUMNS}) SELECT event_id || 'x', {COLUMNS} FROM message"
        with pytest.raises(IntegrityError), bench.store.transaction() as work:
            work.execute(text(again))

    asyncio.run(story())


def test_by_email_to_those_who_agreed_to_that(bench: Bench) -> None:
    async def story() -> None:
        for member in ("m01", "m02"):
            bench.members.emails[member] = f"{member}@example.org"
        bench.members.agreed[Channel.EMAIL, "m02"] = bench.at
        campaign = bench.service.campaigns.draft("Noël", Channel.EMAIL, "all", "Bûche à -20 %", "Noël\nBcc: x@y")
        assert bench.service.campaigns.preview(campaign).reached == 1
        bench.service.campaigns.schedule(campaign.id)
        await until_quiet(bench)
        (letter,) = [each.letter for each in bench.mail.arrived]
        assert (letter.to, letter.subject) == ("m02@example.org", "Noël Bcc: x@y")
        assert bench.inbox.arrived == []

    asyncio.run(story())
