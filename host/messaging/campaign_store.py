"""Campaigns: what is said to whom and when. Their messages are rows of the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, select

from host.database import UtcDateTime, Work, metadata
from host.messaging.errors import UnknownCampaign
from host.messaging.model import Campaign, Channel
from host.messaging.states import CampaignState

campaigns = Table(
    "campaign",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("segment", String(64), nullable=False),
    Column("text", String(4000), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("scheduled_at", UtcDateTime),
    Column("queued_to", String(64), nullable=False),  # the last member who was looked at
    Column("looked_at", Integer, nullable=False),
    Column("queued", Integer, nullable=False),
)
SAME = ("name", "segment", "text", "subject", "made_at", "scheduled_at", "queued_to", "looked_at", "queued")


class CampaignStore:
    def add(self, work: Work, campaign: Campaign) -> int:
        made = work.execute(campaigns.insert().values(_row(campaign))).inserted_primary_key
        assert made is not None
        return int(made[0])

    def get(self, work: Work, campaign_id: int) -> Campaign:
        """Raises UnknownCampaign."""
        row = work.execute(select(campaigns).where(campaigns.c.id == campaign_id)).first()
        if row is None:
            raise UnknownCampaign(str(campaign_id))
        return _campaign(row)

    def save(self, work: Work, campaign: Campaign) -> None:
        work.execute(campaigns.update().where(campaigns.c.id == campaign.id).values(_row(campaign)))

    def latest(self, work: Work, most: int) -> list[Campaign]:
        """The newest first."""
        return [_campaign(row) for row in work.execute(select(campaigns).order_by(campaigns.c.id.desc()).limit(most))]


def _row(campaign: Campaign) -> dict[str, Any]:
    row = {name: getattr(campaign, name) for name in SAME}
    return row | {"channel": str(campaign.channel), "state": str(campaign.state)}


def _campaign(row: Row) -> Campaign:
    facts = {name: getattr(row, name) for name in SAME}
    return Campaign(id=row.id, channel=Channel(row.channel), state=CampaignState(row.state), **facts)
