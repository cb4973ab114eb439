"""Sends what is due, a batch at a time: intent first, then the call, then what came of it.

Numbers are looked up and texts written in the transaction that stores SENDING; they live in memory for the length of a
call. A process that dies leaves SENDING rows, which become UNKNOWN when HELD_FOR is over.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from host.clock import Clock
from host.database import Work, hold
from host.messaging.errors import NoAnswer, NotTaken, Refused
from host.messaging.limits import Bucket
from host.messaging.model import Channel, Message, Report, Why
from host.messaging.ports import Gateway
from host.messaging.quiet import Hours, next_allowed
from host.messaging.states import MOVES, State
from host.messaging.store import MessageStore
from host.messaging.writing import Writer, Written

HELD_FOR = timedelta(minutes=2)  # longer than any call
AT_ONCE = 20  # calls
MOST = 200  # messages of a batch
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
# After its sending, what became of a message is asked, unless the gateway tells before.
ASK_AFTER = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1440, 4320))

log = logging.getLogger(__name__)


def pause(attempts: int) -> timedelta:
    """After so many tries to send, 1 or more: 5 s, 10 s, 20 s ... 10 min."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)


def next_ask(sent_at: datetime, now: datetime) -> datetime | None:
    """None: it was asked often enough, and only a report can tell."""
    return next((sent_at + after for after in ASK_AFTER if sent_at + after > now), None)


@dataclass(frozen=True)
class Way:
    """How messages of a channel leave."""

    gateway: Gateway
    bucket: Bucket

    def is_sent(self, message: Message, now: datetime) -> bool:
        """Is it sent when it is due? If not, it is asked about."""
        if message.state is State.UNKNOWN:
            return self.gateway.repeats and now < message.worth_until
        return message.state is State.DUE

    def waits(self, message: Message, now: datetime) -> datetime | None:
        """Until when, one that the gateway has, or may have."""
        if message.state is State.UNKNOWN and self.gateway.repeats and now < message.worth_until:
            return now + pause(message.attempts)
        return next_ask(message.first_sent_at or now, now) if self.gateway.can_ask else None


@dataclass(frozen=True)
class Call:
    """`was` is the state from which the message is sent."""

    message: Message
    was: State
    written: Written


class Sending:
    def __init__(
        self, store: MessageStore, writer: Writer, ways: dict[Channel, Way], hours: Hours, clock: Clock
    ) -> None:
        self._store = store
        self._writer = writer
        self._ways = ways
        self._hours = hours
        self._clock = clock

    async def run_due(self, channel: Channel, now: datetime) -> int:
        """One batch; how many messages were taken in hand."""
        way = self._ways.get(channel)
        if way is None:
            return self._give_up(channel, now)
        granted = way.bucket.take(MOST, now)
        if not granted:
            return 0
        due, calls, asked = self._begin(channel, way, granted, now)
        way.bucket.give_back(granted - len(calls) - len(asked))
        gate = asyncio.Semaphore(AT_ONCE)
        sent = await asyncio.gather(*(self._send(gate, way, call) for call in calls))
        await asyncio.gather(*(self._ask(gate, way, message) for message in asked))
        with self._store.transaction() as work:
            self._store.save(work, [(message, State.SENDING) for message in sent])
            self._store.known_as(work, [(each.event_id, each.gateway_id) for each in sent if each.gateway_id])
        return due

    def _begin(self, channel: Channel, way: Way, most: int, now: datetime) -> tuple[int, list[Call], list[Message]]:
        """How many were due, what is to be sent and what to be asked about, once that is stored."""
        with self._store.transaction() as work:
            hold(work, f"messages {channel}")  # two processes would each find room under a number's limit
            self._keep_quiet(work, channel, now)
            due = self._store.due(work, channel, now, most)
            lost = [message for message in due if message.state is State.SENDING]
            to_send = [message for message in due if way.is_sent(message, now)]
            to_ask = [each for each in due if each.state is not State.SENDING and not way.is_sent(each, now)]
            written = self._writer.write(work, channel, to_send, now)
            calls, refused = _sorted(to_send, written, now)
            self._store.save(work, [(call.message, call.was) for call in calls])
            self._store.save(work, [(_lost(message, way, now), State.SENDING) for message in lost])
            self._store.save(work, [(_refused(message, why, way, now), message.state) for message, why in refused])
            self._store.save(work, [(_asked(message, way, now), message.state) for message in to_ask])
        return len(due), calls, to_ask

    def _keep_quiet(self, work: Work, channel: Channel, now: datetime) -> None:
        allowed = next_allowed(self._hours, now)
        if allowed > now:
            self._store.postpone(work, channel, now, allowed)

    def _give_up(self, channel: Channel, now: datetime) -> int:
        """Of a channel that has no gateway."""
        with self._store.transaction() as work:
            due = [each for each in self._store.due(work, channel, now, MOST) if each.state is State.DUE]
            gone = [message.become(State.REFUSED, why=Why.NO_GATEWAY, due_at=None) for message in due]
            self._store.save(work, [(message, State.DUE) for message in gone])
        return len(due)

    async def _send(self, gate: asyncio.Semaphore, way: Way, call: Call) -> Message:
        """What the message becomes. What cannot be said for certain is UNKNOWN."""
        async with gate:
            try:
                gateway_id = await way.gateway.send(call.written.letter)
            except (NotTaken, Refused, NoAnswer) as error:
                return self._failed(way, call, error)
            except Exception as error:  # whatever the adapter met, the gateway may have the message
                log.exception("a gateway's adapter failed")
                return self._failed(way, call, NoAnswer(type(error).__name__))
        now = self._clock.now()
        sent = call.message.become(State.SENT, settled_at=now, gateway_id=gateway_id, due_at=None)
        return _due(sent, way.waits(sent, now))

    def _failed(self, way: Way, call: Call, error: NotTaken | Refused | NoAnswer) -> Message:
        now, message = self._clock.now(), call.message
        log.warning("a message of kind %s: %s", message.kind, type(error).__name__)
        if call.was is State.UNKNOWN or isinstance(error, NoAnswer):
            unknown = message.become(State.UNKNOWN)
            return _due(unknown, way.waits(unknown, now))
        if isinstance(error, NotTaken):
            return message.become(State.DUE, due_at=now + pause(message.attempts))
        return message.become(State.REFUSED, why=Why.REFUSED, due_at=None)

    async def _ask(self, gate: asyncio.Semaphore, way: Way, message: Message) -> None:
        async with gate:
            try:
                report = await way.gateway.ask(message.event_id, message.gateway_id)
            except NoAnswer:
                return
        if report is not None:
            self.report(message, report)

    def report(self, message: Message, report: Report) -> None:
        """A report that the table does not allow says nothing new."""
        if report.state not in MOVES[message.state]:
            return
        gateway_id = message.gateway_id or report.gateway_id
        told = message.become(report.state, settled_at=self._clock.now(), gateway_id=gateway_id)
        way = self._ways.get(message.channel)
        still = way.waits(told, self._clock.now()) if way and told.state is State.SENT else None
        with self._store.transaction() as work:
            self._store.save(work, [(_due(told, still), message.state)])


def _sorted(
    to_send: list[Message], written: list[Written | Why], now: datetime
) -> tuple[list[Call], list[tuple[Message, Why]]]:
    calls, refused = [], []
    for message, each in zip(to_send, written):
        if isinstance(each, Written):
            calls.append(Call(_begun(message, each, now), message.state, each))
        else:
            refused.append((message, each))
    return calls, refused


def _begun(message: Message, written: Written, now: datetime) -> Message:
    return message.become(
        State.SENDING,
        attempts=message.attempts + 1,
        first_sent_at=message.first_sent_at or now,
        due_at=now + HELD_FOR,
        parts=written.parts,
        number_hash=written.number_hash,
    )


def _lost(message: Message, way: Way, now: datetime) -> Message:
    unknown = message.become(State.UNKNOWN)
    return _due(unknown, way.waits(unknown, now))


def _refused(message: Message, why: Why, way: Way, now: datetime) -> Message:
    """One that may have been sent before stays in doubt."""
    if message.state is State.UNKNOWN:
        return _due(message, next_ask(message.first_sent_at or now, now) if way.gateway.can_ask else None)
    return message.become(State.REFUSED, why=why, due_at=None)


def _asked(message: Message, way: Way, now: datetime) -> Message:
    return _due(message, way.waits(message, now))


def _due(message: Message, due_at: datetime | None) -> Message:
    return replace(message, due_at=due_at)
