"""Sealed days and their lines, as readers told them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, bindparam, exists, or_, select

from host.database import Work
from host.money import CURRENCIES, Money
from host.telecollection.model import SealedDay, SealedLine, Waits
from host.telecollection.states import DayState, LineState, State
from host.telecollection.tables import (
    GOES,
    NOT_REJECTED,
    data_sets,
    lines,
    remittances,
    sealed_days,
    sealed_lines,
    waiting,
)

CHAIN_BROKEN = "chain_broken"  # the acquirer's word for a seal that does not follow the last one
FIELDS = [field.name for field in fields(SealedDay)]


def _reconciled(remittance: Column) -> ColumnElement[bool]:
    """Its totals agree with the acquirer's, or its money came."""
    agreed = and_(remittances.c.reconciled_at.is_not(None), remittances.c.state != State.OUT_OF_BALANCE)
    return exists().where(remittances.c.id == remittance, or_(agreed, remittances.c.state == State.FUNDED))


# Made once: to make a statement costs as much as to run it.
IN_ORDER = (sealed_days.c.reader, sealed_days.c.number)  # of their seals: dates may go back with a clock (faults/R-13)
ADD = sealed_days.insert()
ADD_LINES = sealed_lines.insert()
BY_READER = sealed_days.c.reader == bindparam("by")
GET = select(sealed_days).where(BY_READER, sealed_days.c.number == bindparam("day"))
SAVE = sealed_days.update().where(BY_READER, sealed_days.c.number == bindparam("day"))
LINES = (
    select(sealed_lines)
    .where(
        sealed_lines.c.reader == bindparam("by"),
        sealed_lines.c.number == bindparam("day"),
        sealed_lines.c.position >= bindparam("first"),
    )
    .order_by(sealed_lines.c.position)
    .limit(bindparam("most"))
)
OF_READER = select(sealed_days).where(BY_READER).order_by(sealed_days.c.number.desc()).limit(bindparam("most"))
OF_CONTRACT = (
    select(sealed_days)
    .where(sealed_days.c.contract == bindparam("of"), sealed_days.c.state == bindparam("wanted"))
    .order_by(*IN_ORDER)
)
IN_DATA_SET = and_(data_sets.c.reader == sealed_days.c.reader, data_sets.c.number == sealed_days.c.number)
BEFORE = sealed_days.alias()
EARLIER = and_(BEFORE.c.reader == sealed_days.c.reader, BEFORE.c.number < sealed_days.c.number)
TO_REMIT = OF_CONTRACT.where(
    ~exists().where(GOES, IN_DATA_SET), ~exists().where(EARLIER, BEFORE.c.state == DayState.REFUSED.value)
)
TAKEN = and_(GOES, IN_DATA_SET, data_sets.c.state == LineState.ACCEPTED.value, _reconciled(data_sets.c.remittance))
TO_ACKNOWLEDGE = (
    select(sealed_days)
    .where(
        BY_READER,
        or_(
            and_(sealed_days.c.state == DayState.SEALED.value, exists().where(TAKEN)),
            sealed_days.c.state == DayState.COMPARED.value,
        ),
    )
    .order_by(sealed_days.c.number)
)


class DayStore:
    def add(self, work: Work, day: SealedDay, under_seal: Sequence[SealedLine]) -> None:
        work.execute(ADD, {name: getattr(day, name) for name in FIELDS})
        if under_seal:
            work.execute(ADD_LINES, [_row(day, place, line) for place, line in enumerate(under_seal)])

    def get(self, work: Work, reader: str, number: int) -> SealedDay | None:
        row = work.execute(GET, {"by": reader, "day": number}).first()
        return _day(row) if row else None

    def decide(self, work: Work, day: SealedDay, state: DayState, why: str | None = None) -> None:
        work.execute(SAVE, {"by": day.reader, "day": day.number, "state": state.value, "why": why})

    def acknowledged(self, work: Work, reader: str, number: int, at: datetime) -> None:
        facts = {"state": DayState.ACKNOWLEDGED.value, "acknowledged_at": at}
        work.execute(SAVE, facts | {"by": reader, "day": number})

    def lines_from(self, work: Work, day: SealedDay, position: int, limit: int) -> list[SealedLine]:
        wanted = {"by": day.reader, "day": day.number, "first": position, "most": limit}
        return [_line(row) for row in work.execute(LINES, wanted)]

    def to_remit(self, work: Work, contract_id: str) -> list[SealedDay]:
        """Checked, and in no remittance: tonight's, and those of readers that were absent before. What follows a day
        that is refused waits for it, for the acquirer takes a reader's seals in their order."""
        return [_day(row) for row in work.execute(TO_REMIT, {"of": contract_id, "wanted": DayState.SEALED.value})]

    def refused_for_the_chain(self, work: Work, day: SealedDay) -> list[SealedDay]:
        """Later days of the reader that the acquirer refused since it had not taken this one."""
        later = and_(sealed_days.c.reader == day.reader, sealed_days.c.number > day.number)
        broken = and_(sealed_days.c.state == DayState.REFUSED, sealed_days.c.why == CHAIN_BROKEN)
        return [_day(row) for row in work.execute(select(sealed_days).where(later, broken).order_by(*IN_ORDER))]

    def goes(self, work: Work, day: SealedDay) -> bool:
        """It is in a remittance, and was not refused there."""
        mine = and_(GOES, data_sets.c.reader == day.reader, data_sets.c.number == day.number)
        return work.execute(select(data_sets.c.id).where(mine)).first() is not None

    def refused(self, work: Work, contract_id: str) -> list[SealedDay]:
        rows = work.execute(OF_CONTRACT, {"of": contract_id, "wanted": DayState.REFUSED.value})
        return [_day(row) for row in rows]

    def of_reader(self, work: Work, reader: str, limit: int = 100) -> list[SealedDay]:
        """The newest first."""
        return [_day(row) for row in work.execute(OF_READER, {"by": reader, "most": limit})]

    def to_acknowledge(self, work: Work, reader: str) -> list[SealedDay]:
        """Of which the acquirer has said what became of every line, with totals that agree; the oldest first."""
        days = [_day(row) for row in work.execute(TO_ACKNOWLEDGE, {"by": reader})]
        return [day for day in days if day.state is DayState.SEALED or self._all_answered(work, day)]

    def compare(self, work: Work, day: SealedDay) -> tuple[list[SealedLine], list[bytes], list[bytes]]:
        """With the copies that went without its seal: lines that are extra, ids that went and are not under the seal,
        ids that went at another amount or kind. A line that was rejected or waits is not extra."""
        under_seal = {line.transaction_id: line for line in self.lines_from(work, day, 0, day.count)}
        went = {row.transaction_id: row for row in work.execute(self._went(day))}
        known = set(went) | self._known(work, under_seal)
        extra = [line for key, line in under_seal.items() if key not in known]
        missing = [key for key in went if key not in under_seal]
        other = [key for key, row in went.items() if key in under_seal and _differs(under_seal[key], row)]
        return extra, missing, other

    def wait(self, work: Work, contract_id: str, reader: str, number: int, ids: Iterable[bytes], waits: Waits) -> int:
        """Lines of that day go into the next remittance, without a seal. How many were not waiting before."""
        new = [key for key in ids if not self._waits(work, key)]
        if new:
            facts = {"contract": contract_id, "reader": reader, "number": number, "waits": waits.value}
            work.execute(waiting.insert(), [facts | {"transaction_id": key} for key in new])
        return len(new)

    def sealed_or_remitted(self, work: Work, ids: Sequence[bytes]) -> set[bytes]:
        """Of these, the transactions that are under a seal, in a remittance, or wait for one."""
        under_seal = select(sealed_lines.c.transaction_id).where(sealed_lines.c.transaction_id.in_(ids))
        return set(work.scalars(under_seal)) | self._known(work, ids)

    def _known(self, work: Work, ids: Iterable[bytes]) -> set[bytes]:
        wanted = list(ids)
        found: set[bytes] = set()
        for place in range(0, len(wanted), 500):
            some = wanted[place : place + 500]
            found |= set(work.scalars(select(lines.c.transaction_id).where(lines.c.transaction_id.in_(some))))
            found |= set(work.scalars(select(waiting.c.transaction_id).where(waiting.c.transaction_id.in_(some))))
        return found

    def _waits(self, work: Work, transaction_id: bytes) -> bool:
        return work.scalar(select(waiting.c.reader).where(waiting.c.transaction_id == transaction_id)) is not None

    def _went(self, day: SealedDay) -> Select:
        """Lines of the reader that went without a seal, as copies of that day."""
        joined = lines.join(
            data_sets, and_(lines.c.remittance == data_sets.c.remittance, lines.c.data_set == data_sets.c.position)
        )
        copies = and_(data_sets.c.reader == day.reader, ~data_sets.c.sealed, data_sets.c.number == day.number)
        return select(lines).select_from(joined).where(copies, NOT_REJECTED)

    def _all_answered(self, work: Work, day: SealedDay) -> bool:
        said = exists().where(
            lines.c.transaction_id == sealed_lines.c.transaction_id,
            lines.c.state != LineState.PENDING,
            _reconciled(lines.c.remittance),
        )
        mine = (sealed_lines.c.reader == day.reader) & (sealed_lines.c.number == day.number)
        return work.execute(select(sealed_lines.c.position).where(mine, ~said).limit(1)).first() is None


def _row(day: SealedDay, position: int, line: SealedLine) -> dict[str, object]:
    return {
        "reader": day.reader,
        "number": day.number,
        "position": position,
        "transaction_id": line.transaction_id,
        "kind": line.kind,
        "amount_minor": line.amount.amount_minor,
        "currency": line.amount.currency.code,
        "mac": line.mac,
    }


def _line(row: Row) -> SealedLine:
    return SealedLine(row.transaction_id, row.kind, Money(row.amount_minor, CURRENCIES[row.currency]), row.mac)


def _day(row: Row) -> SealedDay:
    facts: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    facts["state"] = DayState(row.state)
    return SealedDay(**facts)


def _differs(line: SealedLine, row: Row) -> bool:
    return (line.kind, line.amount) != (row.kind, Money(row.amount_minor, CURRENCIES[row.currency]))
