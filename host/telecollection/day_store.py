"""Sealed days and their lines, as readers told them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, exists, or_, select

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


class DayStore:
    def add(self, work: Work, day: SealedDay, under_seal: Sequence[SealedLine]) -> None:
        work.execute(sealed_days.insert().values({name: getattr(day, name) for name in FIELDS}))
        if under_seal:
            work.execute(sealed_lines.insert(), [_row(day, place, line) for place, line in enumerate(under_seal)])

    def get(self, work: Work, reader: str, number: int) -> SealedDay | None:
        row = work.execute(select(sealed_days).where(_is(reader, number))).first()
        return _day(row) if row else None

    def decide(self, work: Work, day: SealedDay, state: DayState, why: str | None = None) -> None:
        work.execute(sealed_days.update().where(_is(day.reader, day.number)).values(state=state, why=why))

    def acknowledged(self, work: Work, reader: str, number: int, at: datetime) -> None:
        facts = {"state": DayState.ACKNOWLEDGED, "acknowledged_at": at}
        work.execute(sealed_days.update().where(_is(reader, number)).values(facts))

    def lines_from(self, work: Work, day: SealedDay, position: int, limit: int) -> list[SealedLine]:
        chosen = (sealed_lines.c.reader == day.reader) & (sealed_lines.c.number == day.number)
        page = select(sealed_lines).where(chosen, sealed_lines.c.position >= position)
        rows = work.execute(page.order_by(sealed_lines.c.position).limit(limit))
        return [_line(row) for row in rows]

    def to_remit(self, work: Work, contract_id: str) -> list[SealedDay]:
        """Checked, and in no remittance: tonight's, and those of readers that were absent before. What follows a day
        that is refused waits for it, for the acquirer takes a reader's seals in their order."""
        goes = exists().where(GOES, data_sets.c.reader == sealed_days.c.reader, _same_number())
        before = sealed_days.alias()
        earlier = and_(before.c.reader == sealed_days.c.reader, before.c.number < sealed_days.c.number)
        waits = exists().where(earlier, before.c.state == DayState.REFUSED)
        return self._days(work, _in_state(contract_id, DayState.SEALED).where(~goes, ~waits))

    def refused_for_the_chain(self, work: Work, day: SealedDay) -> list[SealedDay]:
        """Later days of the reader that the acquirer refused since it had not taken this one."""
        later = and_(sealed_days.c.reader == day.reader, sealed_days.c.number > day.number)
        broken = and_(sealed_days.c.state == DayState.REFUSED, sealed_days.c.why == CHAIN_BROKEN)
        return self._days(work, select(sealed_days).where(later, broken))

    def goes(self, work: Work, day: SealedDay) -> bool:
        """It is in a remittance, and was not refused there."""
        mine = and_(GOES, data_sets.c.reader == day.reader, data_sets.c.number == day.number)
        return work.execute(select(data_sets.c.id).where(mine)).first() is not None

    def refused(self, work: Work, contract_id: str) -> list[SealedDay]:
        return self._days(work, _in_state(contract_id, DayState.REFUSED))

    def of_reader(self, work: Work, reader: str, limit: int = 100) -> list[SealedDay]:
        """The newest first."""
        mine = select(sealed_days).where(sealed_days.c.reader == reader)
        return [_day(row) for row in work.execute(mine.order_by(sealed_days.c.number.desc()).limit(limit))]

    def to_acknowledge(self, work: Work, reader: str) -> list[SealedDay]:
        """Of which the acquirer has said what became of every line, with totals that agree; the oldest first."""
        done = and_(
            GOES,
            data_sets.c.reader == sealed_days.c.reader,
            _same_number(),
            data_sets.c.state == LineState.ACCEPTED,
            _reconciled(data_sets.c.remittance),
        )
        owed = select(sealed_days).where(sealed_days.c.reader == reader)
        under_seal = owed.where(sealed_days.c.state == DayState.SEALED, exists().where(done))
        compared = self._days(work, owed.where(sealed_days.c.state == DayState.COMPARED))
        ready = self._days(work, under_seal) + [day for day in compared if self._all_answered(work, day)]
        return sorted(ready, key=lambda day: day.number)

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

    def _days(self, work: Work, chosen: Select) -> list[SealedDay]:
        order = (sealed_days.c.business_date, sealed_days.c.reader, sealed_days.c.number)
        return [_day(row) for row in work.execute(chosen.order_by(*order))]


def _is(reader: str, number: int) -> ColumnElement[bool]:
    return and_(sealed_days.c.reader == reader, sealed_days.c.number == number)


def _in_state(contract_id: str, state: DayState) -> Select:
    return select(sealed_days).where(sealed_days.c.contract == contract_id, sealed_days.c.state == state)


def _same_number() -> ColumnElement[bool]:
    return data_sets.c.number == sealed_days.c.number


def _reconciled(remittance: Column) -> ColumnElement[bool]:
    """Its totals agree with the acquirer's, or its money came."""
    agreed = and_(remittances.c.reconciled_at.is_not(None), remittances.c.state != State.OUT_OF_BALANCE)
    return exists().where(remittances.c.id == remittance, or_(agreed, remittances.c.state == State.FUNDED))


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
