"""Which day each reader was asked to close for a remittance, and what came of it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import and_, bindparam, select

from host.database import Work
from host.telecollection.tables import closings


class Outcome(StrEnum):
    SEALED = "sealed"
    ABSENT = "absent"
    REFUSED = "refused"  # its day, for a seal or copies that are wrong


# Made once: to make a statement costs as much as to run it.
MINE = and_(closings.c.remittance == bindparam("of"), closings.c.reader == bindparam("by"))
GET = select(closings).where(MINE)
UPDATE = closings.update().where(MINE)
INSERT = closings.insert()


class ClosingStore:
    def begin(self, work: Work, remittance_id: int, reader: str, number: int) -> int:
        """The number to ask for: the first one that was stored, however often the step runs."""
        row = work.execute(GET, {"of": remittance_id, "by": reader}).first()
        if row is None:
            work.execute(INSERT, {"remittance": remittance_id, "reader": reader, "number": number})
        elif row.number is None:
            work.execute(UPDATE, {"of": remittance_id, "by": reader, "number": number})
        else:
            return row.number
        return number

    def end(self, work: Work, remittance_id: int, reader: str, outcome: Outcome) -> None:
        ended = {"of": remittance_id, "by": reader, "outcome": outcome.value}
        if not work.execute(UPDATE, ended).rowcount:
            work.execute(INSERT, {"remittance": remittance_id, "reader": reader, "outcome": outcome.value})

    def outcome(self, work: Work, remittance_id: int, reader: str) -> Outcome | None:
        """Of one reader; None when it was not asked yet."""
        row = work.execute(GET, {"of": remittance_id, "by": reader}).first()
        return Outcome(row.outcome) if row and row.outcome else None

    def of(self, work: Work, remittance_id: int) -> dict[str, Outcome]:
        """By reader; without those that were not asked yet."""
        mine = and_(closings.c.remittance == remittance_id, closings.c.outcome.is_not(None))
        rows = work.execute(select(closings).where(mine).order_by(closings.c.reader))
        return {row.reader: Outcome(row.outcome) for row in rows}
