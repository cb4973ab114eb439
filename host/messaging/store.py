"""The outbox: one row a message, with ids only. `due_at` of a row is its timer, whatever it waits for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Row, String, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from host.database import Database, UtcDateTime, Work, metadata
from host.messaging.limits import DAY, HOUR, Limits, Tally
from host.messaging.model import RANK, Channel, Kind, Message, Template, Why
from host.messaging.states import State

messages = Table(
    "message",
    metadata,
    Column("event_id", String(96), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("member_id", String(64)),  # none once the member is erased
    Column("template", String(16), nullable=False),
    Column("values", String(512), nullable=False),  # JSON
    Column("campaign", Integer, ForeignKey("campaign.id")),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("worth_until", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_sent_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("gateway_id", String(64)),
    Column("parts", Integer, nullable=False),
    Column("why", String(16)),
    Column("number_hash", LargeBinary(32)),
)
IS_DUE = messages.c.due_at.is_not(None)
Index("message_due", messages.c.channel, messages.c.rank, messages.c.due_at, sqlite_where=IS_DUE,
      postgresql_where=IS_DUE)  # fmt: skip
OF_CAMPAIGN = messages.c.campaign.is_not(None)
Index("message_once_a_campaign", messages.c.campaign, messages.c.member_id, unique=True, sqlite_where=OF_CAMPAIGN,
      postgresql_where=OF_CAMPAIGN)  # fmt: skip
Index("message_of_number", messages.c.number_hash, messages.c.first_sent_at)
Index("message_of_member", messages.c.member_id, messages.c.queued_at)
Index("message_of_gateway", messages.c.gateway_id)
Index("message_code_sent", messages.c.rank, messages.c.first_sent_at)

INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
PLAIN = (
    *("event_id", "member_id", "campaign", "queued_at", "worth_until", "due_at", "attempts", "first_sent_at"),
    *("settled_at", "gateway_id", "parts", "number_hash"),
)
CHANGES = ("due_at", "state", "attempts", "first_sent_at", "settled_at", "gateway_id", "parts", "why", "number_hash")

# Made once: to make a statement costs as much as to run it.
DUE = (
    select(messages)
    .where(messages.c.channel == bindparam("by"), messages.c.rank == bindparam("of"))
    .where(messages.c.due_at <= bindparam("now"))
    .order_by(messages.c.due_at)
    .limit(bindparam("most"))
)
SOONEST = select(func.min(messages.c.due_at)).where(
    messages.c.channel == bindparam("by"), messages.c.rank == bindparam("of"), IS_DUE
)
SAVE = (
    messages.update()
    .where(messages.c.event_id == bindparam("wanted"), messages.c.state == bindparam("was"))
    .values({name: bindparam(name) for name in CHANGES})
)
KNOWN_AS = messages.update().where(messages.c.event_id == bindparam("wanted"), messages.c.gateway_id.is_(None))
KNOWN_AS = KNOWN_AS.values(gateway_id=bindparam("known_as"))
CODES = select(func.count()).where(messages.c.rank == RANK[Kind.CODE], messages.c.first_sent_at > bindparam("since"))


class MessageStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> AbstractContextManager[Work]:
        return self._database.transaction()

    def reading(self) -> AbstractContextManager[Work]:
        return self._database.reading()

    def add(self, work: Work, queued: Sequence[Message]) -> None:
        """Those that are not there already, by event, or by campaign and member."""
        if queued:
            insert = INSERT[work.dialect.name](messages).on_conflict_do_nothing()
            work.execute(insert, [_row(message) for message in queued])

    def get(self, work: Work, event_id: str) -> Message | None:
        return _one(work.execute(select(messages).where(messages.c.event_id == event_id)).first())

    def of_gateway(self, work: Work, gateway_id: str) -> Message | None:
        return _one(work.execute(select(messages).where(messages.c.gateway_id == gateway_id)).first())

    def due(self, work: Work, channel: Channel, now: datetime, most: int) -> list[Message]:
        """For which something is to be done, the most urgent kind first, then the longest due."""
        found: list[Message] = []
        for rank in sorted(RANK.values()):
            wanted = {"by": str(channel), "of": rank, "now": now, "most": most - len(found)}
            found += [read_message(row) for row in work.execute(DUE, wanted)]
        return found

    def soonest(self, work: Work) -> datetime | None:
        """When something is to be done next, for any message."""
        lanes = [{"by": str(channel), "of": rank} for channel in Channel for rank in RANK.values()]
        return min((due for lane in lanes if (due := work.scalar(SOONEST, lane))), default=None)

    def save(self, work: Work, changed: Iterable[tuple[Message, State]]) -> None:
        """Each unless its state is no longer the one given: a report that came first stands."""
        rows = [
            {name: value for name, value in _row(message).items() if name in CHANGES}
            | {"wanted": message.event_id, "was": str(was)}
            for message, was in changed
        ]
        if rows:
            work.execute(SAVE, rows)

    def known_as(self, work: Work, ids: Iterable[tuple[str, str]]) -> None:
        """Event ids, and what the gateway calls those messages."""
        rows = [{"wanted": event_id, "known_as": gateway_id} for event_id, gateway_id in ids]
        if rows:
            work.execute(KNOWN_AS, rows)

    def postpone(self, work: Work, channel: Channel, now: datetime, until: datetime) -> int:
        """Offers that were to leave now, and were never tried."""
        offers = messages.update().where(messages.c.channel == str(channel), messages.c.rank == RANK[Kind.MARKETING])
        untried = offers.where(messages.c.due_at <= now, messages.c.state == str(State.DUE))
        return work.execute(untried.values(due_at=until)).rowcount

    def sent_to(self, work: Work, hashes: Sequence[bytes], now: datetime, limits: Limits) -> Tally:
        """What counts for the limits of those numbers; `hashes` are some hundreds at most."""
        to_number: dict[bytes, list[int]] = {}
        lately = select(messages.c.number_hash, messages.c.kind, messages.c.first_sent_at)
        lately = lately.where(messages.c.number_hash.in_(hashes), messages.c.first_sent_at > now - DAY)
        for row in work.execute(lately):
            counts = to_number.setdefault(row.number_hash, [0, 0])
            counts[0] += 1
            counts[1] += row.kind == str(Kind.CODE) and row.first_sent_at > now - HOUR
        return Tally(limits, to_number, int(work.scalars(CODES, {"since": now - HOUR}).one()))

    def offers_to(self, work: Work, member_ids: Sequence[str], since: datetime) -> dict[str, int]:
        """How many offers were queued for each since then, and not refused."""
        counted = select(messages.c.member_id, func.count()).where(messages.c.member_id.in_(member_ids))
        counted = counted.where(messages.c.rank == RANK[Kind.MARKETING], messages.c.queued_at > since)
        counted = counted.where(messages.c.state != str(State.REFUSED)).group_by(messages.c.member_id)
        return {row[0]: row[1] for row in work.execute(counted)}

    def forget(self, work: Work, member_id: str) -> None:
        mine = messages.update().where(messages.c.member_id == member_id)
        work.execute(mine.where(messages.c.state == str(State.DUE)).values(_refused(Why.NO_ADDRESS)))
        work.execute(mine.values(member_id=None, number_hash=None))

    def cancel(self, work: Work, campaign: int) -> int:
        """What was not tried yet of a campaign; how many."""
        left = messages.update().where(messages.c.campaign == campaign, messages.c.state == str(State.DUE))
        return work.execute(left.values(_refused(Why.CANCELLED))).rowcount

    def totals(self, work: Work, campaign: int) -> dict[State, tuple[int, int]]:
        """Messages and parts by state."""
        counted = select(messages.c.state, func.count(), func.sum(messages.c.parts))
        grouped = counted.where(messages.c.campaign == campaign).group_by(messages.c.state)
        return {State(row[0]): (row[1], row[2]) for row in work.execute(grouped)}

    def refused(self, work: Work, campaign: int) -> dict[Why, int]:
        """Messages of a campaign that were not sent, by the reason."""
        counted = select(messages.c.why, func.count()).where(messages.c.campaign == campaign)
        refused = counted.where(messages.c.state == str(State.REFUSED), messages.c.why.is_not(None))
        return {Why(row[0]): row[1] for row in work.execute(refused.group_by(messages.c.why))}

    def purge(self, work: Work, before: datetime) -> int:
        """Rows of what was queued before, and waits for nothing; how many."""
        over = messages.c.queued_at < before, messages.c.due_at.is_(None)
        return work.execute(messages.delete().where(*over)).rowcount


def _refused(why: Why) -> dict[str, Any]:
    return {"state": str(State.REFUSED), "why": str(why), "due_at": None}


def _row(message: Message) -> dict[str, Any]:
    row = {name: getattr(message, name) for name in PLAIN}
    row.update(channel=str(message.channel), kind=str(message.kind), rank=RANK[message.kind])
    row.update(template=str(message.template), values=json.dumps(dict(message.values), ensure_ascii=False))
    row.update(state=str(message.state), why=message.why and str(message.why))
    return row


def _one(row: Row | None) -> Message | None:
    return read_message(row) if row else None


def read_message(row: Row) -> Message:
    return Message(
        channel=Channel(row.channel),
        kind=Kind(row.kind),
        template=Template(row.template),
        values=json.loads(row._mapping["values"]),
        state=State(row.state),
        why=Why(row.why) if row.why else None,
        **{name: getattr(row, name) for name in PLAIN},
    )
