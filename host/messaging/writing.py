"""Writes a message at the moment of sending: may it leave, to which number, and what does it say?

Each question that can be answered no is asked here, of rows that may have waited for days: the member may be gone, may
have taken the consent back, or may have written STOP since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from host.database import Work
from host.messaging import templates
from host.messaging.campaign_store import CampaignStore
from host.messaging.gsm import size
from host.messaging.limits import Limits, Tally
from host.messaging.model import Address, Campaign, Channel, Kind, Letter, Message, Template, Value, Why
from host.messaging.phone import is_mobile
from host.messaging.ports import Members
from host.messaging.secret import Secret
from host.messaging.stops import StopStore
from host.messaging.store import MessageStore


@dataclass(frozen=True)
class Written:
    letter: Letter
    number_hash: bytes | None  # of an SMS
    parts: int


@dataclass(frozen=True)
class Policy:
    """What the merchant and the gateway allow. `countries`: with what numbers begin that may be sent to. `price` of one
    SMS in euros, as a decimal number."""

    house: templates.House
    limits: Limits = field(default_factory=Limits)
    countries: tuple[str, ...] = ("+33",)
    price: str = "0"


@dataclass(frozen=True)
class Known:
    """What is known for a batch: campaigns, by id; of its members, by member; of their numbers, by hash."""

    campaigns: Mapping[int, Campaign]

    addresses: Mapping[str, Address]
    consents: Mapping[str, datetime]
    stopped: Mapping[bytes, datetime]
    tally: Tally | None  # of SMS


class Writer:
    def __init__(
        self,
        store: MessageStore,
        stops: StopStore,
        campaigns: CampaignStore,
        members: Members,
        secret: Secret,
        policy: Policy,
    ) -> None:
        self._store = store
        self._stops = stops
        self._campaigns = campaigns
        self._members = members
        self._secret = secret
        self._policy = policy

    def write(self, work: Work, channel: Channel, batch: Sequence[Message], now: datetime) -> list[Written | Why]:
        """In the order of `batch`, each as it may be sent now, or why it may not."""
        known = self._look_up(work, channel, batch, now)
        return [self._write(message, known, now) for message in batch]

    def _look_up(self, work: Work, channel: Channel, batch: Sequence[Message], now: datetime) -> Known:
        ids = sorted({message.member_id for message in batch if message.member_id is not None})
        offered = sorted({each.member_id for each in batch if each.member_id and each.kind is Kind.MARKETING})
        addresses = self._members.addresses(work, channel, ids) if ids else {}
        consents = self._members.consents(work, channel, offered) if offered else {}
        campaigns = {message.campaign for message in batch if message.campaign is not None}
        found = {each: self._campaigns.get(work, each) for each in campaigns}
        if channel is not Channel.SMS:
            return Known(found, addresses, consents, {}, None)
        hashes = [self._secret.number_hash(address.to) for address in addresses.values()]
        return Known(
            found,
            addresses,
            consents,
            self._stops.stopped_at(work, hashes),
            self._store.sent_to(work, hashes, now, self._policy.limits),
        )

    def _write(self, message: Message, known: Known, now: datetime) -> Written | Why:
        address = known.addresses.get(message.member_id or "")
        if now >= message.worth_until:
            return Why.TOO_LATE
        if address is None:
            return Why.NO_ADDRESS
        number_hash = self._secret.number_hash(address.to) if message.channel is Channel.SMS else None
        why = self._forbidden(message, known, number_hash) or self._beyond(message, address, known, number_hash)
        if why:
            return why
        letter = self._letter(message, address, known)
        return Written(letter, number_hash, size(letter.text).parts if number_hash else 0)

    def _forbidden(self, message: Message, known: Known, number_hash: bytes | None) -> Why | None:
        """An offer without consent (terminal/LAW-12). A consent that is younger than STOP counts again."""
        if message.kind is not Kind.MARKETING:
            return None
        agreed_at = known.consents.get(message.member_id or "")
        if agreed_at is None:
            return Why.NO_CONSENT
        stopped_at = known.stopped.get(number_hash) if number_hash else None
        return Why.STOPPED if stopped_at and stopped_at >= agreed_at else None

    def _beyond(self, message: Message, address: Address, known: Known, number_hash: bytes | None) -> Why | None:
        """Numbers that are not served, and limits (attacks/H-07). What is sent again was counted the first time;
        who writes STOP is told that it was heard."""
        if number_hash is None or known.tally is None:
            return None
        if not address.to.startswith(self._policy.countries) or not is_mobile(address.to):
            return Why.NOT_SERVED
        if message.first_sent_at is not None or message.template is Template.STOPPED:
            return None
        return None if known.tally.takes(number_hash, message.kind is Kind.CODE) else Why.TOO_MANY

    def _letter(self, message: Message, address: Address, known: Known) -> Letter:
        house, member_id, code = self._policy.house, message.member_id or "", self._secret.code(message.event_id)
        values: dict[str, Value] = dict(address.values) | dict(message.values) | {"code": code}
        if message.campaign is not None:
            campaign = known.campaigns[message.campaign]
            personal = {"points": 0, **address.values}
            values |= {"text": templates.fill(campaign.text, personal), "subject": campaign.subject}
        unsubscribe = ""
        if message.channel is Channel.EMAIL and message.kind is Kind.MARKETING:
            unsubscribe = f"{house.leave}/{member_id}/{self._secret.leave_token(member_id)}"
        filled = values | {"unsubscribe": unsubscribe}
        text = templates.render(message.template, message.kind, message.channel, address.language, house, filled)
        subject = (
            ""
            if message.channel is Channel.SMS
            else templates.subject(message.template, address.language, house, values)
        )
        return Letter(message.event_id, address.to, text, house.shop, subject, unsubscribe)
