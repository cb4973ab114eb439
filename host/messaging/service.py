"""Messages to people. Others queue them in their own transactions (port: Messages); a worker sends what is due.

What a gateway tells later, a delivery report or an SMS that somebody sent, comes in here too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from host.clock import Clock
from host.database import Work
from host.jobs.port import Timers
from host.messaging import templates
from host.messaging.campaign_store import CampaignStore
from host.messaging.campaigns import Campaigns
from host.messaging.model import WORTH, Channel, Inbound, Kind, Message, Report, Template, Values
from host.messaging.ports import Members
from host.messaging.quiet import Hours
from host.messaging.secret import Secret
from host.messaging.sending import Sending, Way
from host.messaging.stop import is_stop
from host.messaging.stops import StopStore
from host.messaging.store import MessageStore
from host.messaging.writing import Policy, Writer

LOOK_AFTER = timedelta(seconds=30)  # at what this process does not know of: what others queued, or left when they died
TIDY = "message_tidy"  # a timer
KEPT_FOR = timedelta(days=400)  # what was sent, without any number
STOP_KEPT_FOR = timedelta(days=3 * 365)

log = logging.getLogger(__name__)


class MessagingService:
    """ports.Messages. `ways`: by channel; one that has none refuses its messages."""

    def __init__(
        self,
        store: MessageStore,
        members: Members,
        ways: Mapping[Channel, Way],
        policy: Policy,
        hours: Hours,
        timers: Timers,
        clock: Clock,
        secret: Secret,
    ) -> None:
        self._store = store
        self._members = members
        self._clock = clock
        self._secret = secret
        self._stops = StopStore()
        self._look_at = datetime.min.replace(tzinfo=UTC)
        self._channels = frozenset(ways)
        campaigns = CampaignStore()
        writer = Writer(store, self._stops, campaigns, members, secret, policy)
        self._sending = Sending(store, writer, dict(ways), hours, clock)
        self._timers = timers
        timers.handle(TIDY, self._tidy)
        self.campaigns = Campaigns(store, campaigns, members, policy, hours, timers, clock)

    # ---- for the domains above ----

    def send(
        self,
        work: Work,
        event_id: str,
        kind: Kind,
        member_id: str,
        template: Template,
        values: Values,
        channel: Channel = Channel.SMS,
    ) -> None:
        """As ports.Messages says."""
        templates.check(template, values)
        now = self._clock.now()
        until = now + WORTH[kind]
        self._look_at = min(self._look_at, now)
        self._store.add(work, [Message(event_id, channel, kind, member_id, template, values, now, until, due_at=now)])

    def code(self, event_id: str) -> str:
        """As ports.Messages says."""
        return self._secret.code(event_id)

    def forget(self, work: Work, member_id: str) -> None:
        """As ports.Messages says."""
        self._store.forget(work, member_id)

    def sends(self, channel: Channel) -> bool:
        """Is there a gateway by which such messages leave?"""
        return channel in self._channels

    def message(self, event_id: str) -> Message | None:
        with self._store.transaction() as work:
            return self._store.get(work, event_id)

    # ---- the worker ----

    def may_be_due(self, now: datetime) -> bool:
        """Costs nothing; False: nothing is, as far as this process knows."""
        return now >= self._look_at

    async def run_due(self, now: datetime) -> int:
        """A batch of each channel; how many messages were taken in hand."""
        if self._look(now) > now:
            return 0
        done = sum([await self._sending.run_due(channel, now) for channel in Channel])
        self._look(now)
        return done

    def _look(self, now: datetime) -> datetime:
        """When to look again; it may be long past."""
        with self._store.transaction() as work:
            soonest = self._store.soonest(work)
        self._look_at = min(soonest or now + LOOK_AFTER, now + LOOK_AFTER)
        return self._look_at

    def start(self) -> None:
        """Rows of long ago are deleted an hour from now, and every day."""
        with self._store.transaction() as work:
            self._timers.set(work, TIDY, "all", self._clock.now() + timedelta(hours=1))

    async def _tidy(self, key: str) -> None:
        now = self._clock.now()
        self.tidy(now)
        with self._store.transaction() as work:
            self._timers.set(work, TIDY, key, now + timedelta(days=1))

    def tidy(self, now: datetime) -> int:
        """Rows that are of use to nobody any more are deleted; how many."""
        with self._store.transaction() as work:
            self._stops.forget(work, now - STOP_KEPT_FOR)
            return self._store.purge(work, now - KEPT_FOR)

    # ---- what gateways tell ----

    def report(self, report: Report) -> bool:
        """A delivery report, as often as it comes; False when there is no such message, or not yet."""
        with self._store.transaction() as work:
            message = self._store.get(work, report.event_id) if report.event_id else None
            if message is None and report.gateway_id:
                message = self._store.of_gateway(work, report.gateway_id)
        if message is None:
            return False
        self._sending.report(message, report)
        return True

    def receive(self, inbound: Inbound) -> None:
        """An SMS that somebody sent. STOP ends offers to that number, whoever it is; anything else is not kept."""
        if not is_stop(inbound.text):
            return
        number_hash, now = self._secret.number_hash(inbound.number), self._clock.now()
        inbound_id = sha256(inbound.id.encode()).hexdigest()[:32]
        with self._store.transaction() as work:
            if self._stops.told_before(work, number_hash, inbound_id):
                return
            members = self._members.of_number(work, inbound.number)
            was_stopped = number_hash in self._stops.stopped_at(work, [number_hash])
            consents = self._members.consents(work, Channel.SMS, members) if members else {}
            self._stops.stop(work, number_hash, now, inbound_id)
            for member_id in members:
                self._members.withdraw(work, Channel.SMS, member_id, now, "sms_stop")
            if members and (consents or not was_stopped):
                self.send(work, f"stop:{inbound_id}", Kind.SERVICE, members[0], Template.STOPPED, {})

    def leave(self, member_id: str, token: str) -> bool:
        """The link of an e-mail: no more offers by e-mail. False when the token is not the member's."""
        if not self._secret.is_leave_token(member_id, token):
            return False
        with self._store.transaction() as work:
            self._members.withdraw(work, Channel.EMAIL, member_id, self._clock.now(), "email_link")
        return True
