"""Which day each reader was asked to close for a remittance, and what came of it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import and_, select

from host.database import Work
from host.telecollection.tables import closings


class Outcome(StrEnum):
    SEALED = "sealed"
    ABSENT = "absent"
    REFUSED = "refused"  # its day, for a seal or copies that are wrong


class ClosingStore:
    def begin(self, work: Work, remittance_id: int, reader: str, number: int) -> int:
        """The number to ask for: the first one that was stored, however often the step runs."""
        mine = and_(closings.c.remittance == remittance_id, closings.c.reader == reader)
        row = work.execute(select(closings).where(mine)).first()
        if row is None:
            work.execute(closings.insert().values(remittance=remittance_id, reader=reader, number=number))
        elif row.number is None:
            work.execute(closings.update().where(mine).values(number=number))
        else:
            return row.number
        return number

    def end(self, work: Work, remittance_id: int, reader: str, outcome: Outcome) -> None:
        mine = and_(closings.c.remittance == remittance_id, closings.c.reader == reader)
        if not work.execute(closings.update().where(mine).values(outcome=outcome.value)).rowcount:
            work.execute(closings.insert().values(remittance=remittance_id, reader=reader, outcome=outcome.value))

    def of(self, work: Work, remittance_id: int) -> dict[str, Outcome]:
        """By reader; without those that were not asked yet."""
        mine = and_(closings.c.remittance == remittance_id, closings.c.outcome.is_not(None))
        rows = work.execute(select(closings).where(mine).order_by(closings.c.reader))
        return {row.reader: Outcome(row.outcome) for row in rows}
