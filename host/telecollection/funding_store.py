"""Money that came for a remittance, entry by entry."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select

from host.database import Work
from host.telecollection.tables import fundings

# Made once: to make a statement costs as much as to run it.
MINE = fundings.c.remittance == bindparam("wanted")
KNOWN = select(fundings.c.remittance).where(fundings.c.reference == bindparam("wanted"))
INSERT = fundings.insert()
SUMS = select(func.sum(fundings.c.amount_minor)).where(MINE).group_by(fundings.c.source)
COUNT = select(func.count()).select_from(fundings).where(MINE)


class FundingStore:
    def add(self, work: Work, remittance_id: int, reference: str, minor: int, booked_on: date, source: str) -> bool:
        """False when the entry is known: a statement that is read twice counts once."""
        if work.scalar(KNOWN, {"wanted": reference}) is not None:
            return False
        facts = {"reference": reference, "remittance": remittance_id, "amount_minor": minor}
        work.execute(INSERT, facts | {"booked_on": booked_on, "source": source})
        return True

    def sum_minor(self, work: Work, remittance_id: int) -> int:
        """The acquirer's notice and the bank's statement tell of the same money: the larger of the two sums."""
        rows = work.execute(SUMS, {"wanted": remittance_id})
        return max((int(minor) for (minor,) in rows), key=abs, default=0)

    def count(self, work: Work, remittance_id: int) -> int:
        return work.scalars(COUNT, {"wanted": remittance_id}).one()
