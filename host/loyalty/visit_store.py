"""Visits, which are never changed, and the sums of them by hour, by the gap since the visit before, and by legal class.

A return is a row of its own, on the day on which it was; a cancelled sale is one of the sale's own hour, for there was
no visit.
"""

from __future__ import annotations

import json
from collections import Counter as Counts
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, bindparam, func, select

from host.database import Work
from host.loyalty.model import Basket, Item, LegalClass
from host.loyalty.tables import class_days, gaps, hours, visits
from host.loyalty.upsert import Once, Sums
from host.money import Money

SALE, RETURN, CANCELLATION = "sale", "return", "cancellation"

ADD = Once(visits)
HOURS, GAPS, CLASSES = Sums(hours), Sums(gaps), Sums(class_days)
OF_TICKET = select(visits).where(visits.c.ticket == bindparam("wanted")).order_by(visits.c.id)


@dataclass(frozen=True)
class Booked:
    """A row of visits. `visits` is 1, 0 or -1; amount is signed; basket: what is left of the ticket's."""

    kind: str
    reference: str
    ticket: str
    client_id: str | None
    at: datetime
    day: date
    hour: int
    visits: int
    amount: Money
    by_member: bool
    programme: int
    basket: Basket


class VisitStore:
    def add(self, work: Work, booked: Booked) -> bool:
        """With the sums by hour. False: it was told before, and nothing changes."""
        if not ADD.add(work, _row(booked)):
            return False
        self.count(work, booked.day, booked.hour, booked.visits, booked.amount, booked.by_member)
        return True

    def of_ticket(self, work: Work, ticket: str) -> list[Booked]:
        """The sale, then what came after."""
        return [_booked(row) for row in work.execute(OF_TICKET, {"wanted": ticket})]

    def of(self, work: Work, family: Sequence[str], limit: int | None = None) -> list[Booked]:
        """The newest first."""
        mine = select(visits).where(visits.c.client_id.in_(family)).order_by(visits.c.at.desc(), visits.c.id.desc())
        return [_booked(row) for row in work.execute(mine.limit(limit))]

    def days(self, work: Work, family: Sequence[str]) -> list[date]:
        """Of the visits, in order, without those of cancelled sales."""
        return [row.day for row in self._whole(work, family)]

    def ends(self, work: Work, family: Sequence[str]) -> tuple[datetime | None, datetime | None]:
        """The first and the last of these."""
        rows = self._whole(work, family)
        return (rows[0].at, rows[-1].at) if rows else (None, None)

    def sample(self, work: Work, since: datetime, limit: int) -> list[Booked]:
        """Sales to members, the newest first."""
        where = (visits.c.at >= since) & (visits.c.kind == SALE) & visits.c.by_member
        return [
            _booked(row) for row in work.execute(select(visits).where(where).order_by(visits.c.id.desc()).limit(limit))
        ]

    def _whole(self, work: Work, family: Sequence[str]) -> list[Row]:
        mine = select(visits.c.at, visits.c.day, visits.c.visits, visits.c.ticket)
        rows = work.execute(mine.where(visits.c.client_id.in_(family)).order_by(visits.c.at, visits.c.id)).all()
        cancelled = {row.ticket for row in rows if row.visits < 0}
        return [row for row in rows if row.visits > 0 and row.ticket not in cancelled]

    # ---- sums ----

    def count(self, work: Work, day: date, hour: int, visits: int, amount: Money, by_member: bool) -> None:
        row = {"day": day, "hour": hour, "visits": visits, "turnover_minor": amount.amount_minor}
        if by_member:
            row |= {"member_visits": visits, "member_turnover_minor": amount.amount_minor}
        HOURS.add(work, row)

    def count_enrolment(self, work: Work, day: date, hour: int) -> None:
        HOURS.add(work, {"day": day, "hour": hour, "enrolments": 1})

    def count_gaps(self, work: Work, changes: Mapping[tuple[date, int], int]) -> None:
        for (day, gap), count in sorted(changes.items()):
            if count:
                GAPS.add(work, {"day": day, "gap": gap, "visits": count})

    def count_classes(self, work: Work, day: date, basket: Basket, sign: int = 1) -> None:
        """Of classes that have a law of their own; what has something off counts whole as promoted."""
        sold, promoted = Counts[LegalClass](), Counts[LegalClass]()
        for item in basket:
            sold[item.legal_class] += item.price.amount_minor
            promoted[item.legal_class] += item.price.amount_minor if item.paid < item.price else 0
        sold.pop(LegalClass.ORDINARY, None)
        for legal_class in sorted(sold):
            sums = {"sold_minor": sign * sold[legal_class], "promoted_minor": sign * promoted[legal_class]}
            CLASSES.add(work, {"day": day, "legal_class": str(legal_class)} | sums)

    def promoted(self, work: Work, since: date) -> dict[LegalClass, tuple[Money, Money]]:
        """Sold, and of it with something off."""
        sums = func.sum(class_days.c.sold_minor).label("sold"), func.sum(class_days.c.promoted_minor).label("off")
        wanted = select(class_days.c.legal_class, *sums).where(class_days.c.day >= since)
        rows = work.execute(wanted.group_by(class_days.c.legal_class))
        return {LegalClass(row.legal_class): (Money(int(row.sold)), Money(int(row.off))) for row in rows}


def _row(booked: Booked) -> dict[str, object]:
    return {
        "kind": booked.kind,
        "reference": booked.reference,
        "ticket": booked.ticket,
        "client_id": booked.client_id,
        "at": booked.at,
        "day": booked.day,
        "hour": booked.hour,
        "visits": booked.visits,
        "amount_minor": booked.amount.amount_minor,
        "by_member": booked.by_member,
        "programme": booked.programme,
        "basket": _written(booked.basket),
    }


def _booked(row: Row) -> Booked:
    return Booked(
        row.kind,
        row.reference,
        row.ticket,
        row.client_id,
        row.at,
        row.day,
        row.hour,
        row.visits,
        Money(row.amount_minor),
        row.by_member,
        row.programme,
        _read(row.basket),
    )


def _written(basket: Basket) -> str:
    rows = [
        [str(item.legal_class), item.category, item.quantity, item.price.amount_minor, item.paid.amount_minor]
        for item in basket
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _read(text: str) -> Basket:
    return tuple(
        Item(LegalClass(legal_class), category, quantity, Money(price), Money(paid))
        for legal_class, category, quantity, price, paid in json.loads(text)
    )
