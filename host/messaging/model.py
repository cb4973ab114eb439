"""A message as the host keeps it, what it is made of, and what becomes of it. No number, address or text is ever kept:
a row has ids, and both are made at the moment of sending (services/SC-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from host.messaging.states import CampaignState, State, move, move_campaign

Value = str | int
Values = Mapping[str, Value]  # of a template's gaps; never personal data and never a secret


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


class Kind(StrEnum):
    """Why a message is sent. MARKETING needs consent, names its sender and how to stop it (terminal/LAW-12)."""

    CODE = "code"  # somebody waits for it
    SERVICE = "service"  # part of what was asked for, such as the confirmation of an enrolment
    MARKETING = "marketing"


class Template(StrEnum):
    """The gaps of each are in templates.py, with its texts in three languages."""

    CONFIRMATION = "confirmation"  # of an enrolment
    SIGN_IN = "sign_in"
    EMAIL_CODE = "email_code"  # confirms an address
    REWARD = "reward"
    BIRTHDAY = "birthday"
    CAMPAIGN = "campaign"
    STOPPED = "stopped"
    ACCOUNT = "account"  # of the merchant's space: the login, and the link to make a password
    PASSWORD = "password"  # was forgotten


# Sent first, and no longer worth sending after that long.
RANK = {Kind.CODE: 0, Kind.SERVICE: 1, Kind.MARKETING: 2}
WORTH: dict[Kind, timedelta] = {
    Kind.CODE: timedelta(minutes=10),
    Kind.SERVICE: timedelta(days=2),
    Kind.MARKETING: timedelta(days=7),
}


class Why(StrEnum):
    """Why a message was not sent."""

    NO_ADDRESS = "no_address"  # the member is gone, or never gave one
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"  # after STOP there was no new consent
    TOO_MANY = "too_many"  # for that number (attacks/H-07), or for this merchant
    NOT_SERVED = "not_served"  # a country, or numbers that cost more
    TOO_LATE = "too_late"
    CANCELLED = "cancelled"  # with its campaign
    REFUSED = "refused"  # by the gateway
    NO_GATEWAY = "no_gateway"


@dataclass(frozen=True)
class Message:
    """A row of the outbox. `due_at`: when something is to be done for it, to send it or to ask what became of it."""

    event_id: str  # 96 characters at most, without personal data: what caused it, and the gateway's idempotency key
    channel: Channel
    kind: Kind
    member_id: str | None  # None: erased
    template: Template
    values: Values
    queued_at: datetime
    worth_until: datetime
    due_at: datetime | None
    state: State = State.DUE
    campaign: int | None = None
    attempts: int = 0
    first_sent_at: datetime | None = None
    settled_at: datetime | None = None  # when state became one that the gateway told
    gateway_id: str | None = None
    parts: int = 0
    why: Why | None = None
    number_hash: bytes | None = None  # keyed; for the limits

    def become(self, state: State, **facts: object) -> Message:
        """Raises IllegalMove."""
        return replace(self, state=move(self.state, state), **facts)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Campaign:
    """`text` is the merchant's, with gaps of templates.PERSONAL; `queued_to` is the last member that was looked at."""

    name: str
    channel: Channel
    segment: str  # of loyalty
    text: str
    subject: str  # of an e-mail
    made_at: datetime
    id: int = 0
    state: CampaignState = CampaignState.DRAFT
    scheduled_at: datetime | None = None
    queued_to: str = ""
    looked_at: int = 0  # members
    queued: int = 0  # messages

    def become(self, state: CampaignState, **facts: object) -> Campaign:
        """Raises IllegalMove."""
        return replace(self, state=move_campaign(self.state, state), **facts)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Address:
    """Where a member is reached, as of now. `values`: what a text may say of the member, such as points."""

    to: str = field(repr=False)  # E.164, or an e-mail address
    language: str = "fr"
    values: Values = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Letter:
    """What a gateway is given."""

    event_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str = ""
    subject: str = field(default="", repr=False)  # of an e-mail
    unsubscribe: str = field(default="", repr=False)  # address of a page, of an e-mail (RFC 8058)


@dataclass(frozen=True)
class Report:
    """What a gateway says became of a message; one of its ids is there."""

    state: State  # SENT, DELIVERED or UNDELIVERED
    gateway_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class Inbound:
    """An SMS that somebody sent us."""

    id: str
    number: str = field(repr=False)  # E.164
    text: str = field(repr=False)
