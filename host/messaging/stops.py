"""Numbers that wrote STOP: a keyed hash each, which outlives the member, for the number may be enrolled again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, select

from host.database import UtcDateTime, Work, metadata

stops = Table(
    "sms_stop",
    metadata,
    Column("number_hash", LargeBinary(32), primary_key=True),
    Column("stopped_at", UtcDateTime, nullable=False),
    Column("inbound_id", String(64), nullable=False),  # gateways tell the same thing more than once
)


class StopStore:
    def stopped_at(self, work: Work, hashes: Sequence[bytes]) -> dict[bytes, datetime]:
        """Of those that did; `hashes` are some hundreds at most."""
        found = work.execute(select(stops).where(stops.c.number_hash.in_(hashes)))
        return {row.number_hash: row.stopped_at for row in found}

    def told_before(self, work: Work, number_hash: bytes, inbound_id: str) -> bool:
        same = stops.c.number_hash == number_hash, stops.c.inbound_id == inbound_id
        return work.execute(select(stops).where(*same)).first() is not None

    def forget(self, work: Work, before: datetime) -> None:
        """Those that stopped before: whoever agreed until then had it taken back, and an offer needs a newer yes."""
        work.execute(stops.delete().where(stops.c.stopped_at < before))

    def stop(self, work: Work, number_hash: bytes, at: datetime, inbound_id: str) -> None:
        """A number that stops once more stops from now on."""
        work.execute(stops.delete().where(stops.c.number_hash == number_hash))
        work.execute(stops.insert().values(number_hash=number_hash, stopped_at=at, inbound_id=inbound_id[:64]))
