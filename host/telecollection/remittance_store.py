"""Remittances, their data sets and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, exists, func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from host.database import Work
from host.money import CURRENCIES, Money
from host.telecollection.model import DataSetRow, Line, Remittance, SealedDay, SealedLine
from host.telecollection.states import UNANSWERED, DayState, LineState, State
from host.telecollection.tables import (
    NOT_REJECTED,
    data_sets,
    lines,
    remittances,
    sealed_days,
    sealed_lines,
    waiting,
)

FIELDS = [field.name for field in fields(Remittance) if field.name not in ("id", "currency")]
SET_FIELDS = [field.name for field in fields(DataSetRow)]

# Made once: to make a statement costs as much as to run it.
GET = select(remittances).where(remittances.c.id == bindparam("wanted")).with_for_update()
SAVE = remittances.update().where(remittances.c.id == bindparam("wanted"))
FORGET_EVENINGS = remittances.update().where(remittances.c.due_at > bindparam("after")).values(due_at=None)
DATA_SETS = select(data_sets).where(data_sets.c.remittance == bindparam("wanted")).order_by(data_sets.c.position)

MINE = lines.c.remittance == bindparam("of")
PENDING = and_(MINE, lines.c.state == LineState.PENDING.value)
REJECT = lines.update().where(PENDING, lines.c.transaction_id == bindparam("key"))
ANSWER_LINES = lines.update().where(PENDING, lines.c.data_set == bindparam("place"))
ANSWER_SET = data_sets.update().where(
    data_sets.c.remittance == bindparam("of"), data_sets.c.position == bindparam("place")
)
REJECTED = select(lines).where(MINE, lines.c.state == LineState.REJECTED.value).order_by(lines.c.line)
LINES = select(lines).where(MINE, lines.c.line >= bindparam("first")).order_by(lines.c.line).limit(bindparam("most"))
IN_STATES = (
    select(remittances)
    .where(remittances.c.contract == bindparam("wanted"), remittances.c.state.in_(bindparam("states", expanding=True)))
    .order_by(remittances.c.id)
)
LATE = (
    select(remittances)
    .where(
        remittances.c.contract == bindparam("wanted"),
        remittances.c.expected_on < bindparam("today"),
        remittances.c.state.not_in((State.FUNDED.value, State.REJECTED.value)),
    )
    .order_by(remittances.c.id)
)
OPEN = and_(remittances.c.contract == bindparam("wanted"), remittances.c.state == State.OPEN.value)
OPEN_OF = select(remittances).where(OPEN).with_for_update()
OF_CUT_OFF = (
    select(remittances)
    .where(remittances.c.contract == bindparam("wanted"), remittances.c.due_at == bindparam("due"))
    .with_for_update()
)
LAST_SEQUENCE = select(func.max(remittances.c.sequence)).where(
    remittances.c.contract == bindparam("wanted"), remittances.c.business_date == bindparam("day")
)
OF_EXCHANGE = select(remittances).where(remittances.c.exchange_id == bindparam("wanted")).with_for_update()
INSERT = remittances.insert().returning(remittances.c.id)
INSERT_SET = data_sets.insert()
INSERT_LINES = lines.insert()
COPIED = ("transaction_id", "kind", "amount_minor", "currency")
# The lines of a sealed day become those of a data set
COPY_LINES = insert(lines).from_select(
    ["remittance", "line", "data_set", *COPIED, "state"],
    select(
        bindparam("of", type_=lines.c.remittance.type),
        sealed_lines.c.position + bindparam("first"),
        bindparam("place", type_=lines.c.data_set.type),
        *(sealed_lines.c[name] for name in COPIED),
        literal(LineState.PENDING.value),
    ).where(sealed_lines.c.reader == bindparam("of_reader"), sealed_lines.c.number == bindparam("of_day")),
)
WAITING = (
    select(waiting)
    .where(waiting.c.contract == bindparam("wanted"))
    .order_by(waiting.c.reader, waiting.c.number, waiting.c.transaction_id)
)


class RemittanceStore:
    # ---- the row ----

    def add(self, work: Work, remittance: Remittance) -> int:
        """Its id. Raises IntegrityError: the contract has an open one, or one of that cut-off, already."""
        return work.scalars(INSERT, _row(remittance)).one()

    def save(self, work: Work, remittance: Remittance) -> None:
        work.execute(SAVE, _row(remittance) | {"wanted": remittance.id})

    def get(self, work: Work, remittance_id: int) -> Remittance:
        """Held until the end of the work, so that two who drive it take turns."""
        return _remittance(work.execute(GET, {"wanted": remittance_id}).one())

    def open_of(self, work: Work, contract_id: str) -> Remittance | None:
        return _first(work, OPEN_OF, wanted=contract_id)

    def forget_evenings(self, work: Work, after: datetime) -> None:
        """Those of cut-offs after that moment are as if by hand."""
        work.execute(FORGET_EVENINGS, {"after": after})

    def of_cut_off(self, work: Work, contract_id: str, due_at: datetime) -> Remittance | None:
        return _first(work, OF_CUT_OFF, wanted=contract_id, due=due_at)

    def next_sequence(self, work: Work, contract_id: str, day: date) -> int:
        return (work.scalar(LAST_SEQUENCE, {"wanted": contract_id, "day": day}) or 0) + 1

    def history(self, work: Work, contract_id: str, limit: int, before: int | None = None) -> list[Remittance]:
        """The newest first; `before` is the id where the last page ended."""
        mine = remittances.c.contract == contract_id
        chosen = mine if before is None else and_(mine, remittances.c.id < before)
        rows = work.execute(select(remittances).where(chosen).order_by(remittances.c.id.desc()).limit(limit))
        return [_remittance(row) for row in rows]

    def unanswered(self, work: Work, contract_id: str) -> list[Remittance]:
        return self._in_states(work, contract_id, UNANSWERED)

    def unfinished(self, work: Work, contract_id: str) -> list[Remittance]:
        """Not answered, or its totals not compared, or not in balance; the oldest first."""
        taken = {State.ACKED, State.PARTLY_REJECTED, State.OUT_OF_BALANCE}
        found = self._in_states(work, contract_id, UNANSWERED | taken)
        return [each for each in found if each.state in UNANSWERED or each.reconciled_at is None]

    def _in_states(self, work: Work, contract_id: str, states: Iterable[State]) -> list[Remittance]:
        rows = work.execute(IN_STATES, {"wanted": contract_id, "states": sorted(states)})
        return [_remittance(row) for row in rows]

    def by_exchange(self, work: Work, exchange_id: int) -> Remittance | None:
        return _first(work, OF_EXCHANGE, wanted=exchange_id)

    def due_money(self, work: Work, contract_id: str, today: date) -> list[Remittance]:
        """Answered, expected before today, and not funded."""
        return [_remittance(row) for row in work.execute(LATE, {"wanted": contract_id, "today": today})]

    # ---- what it is made of ----

    def add_day(self, work: Work, data_set: DataSetRow, day: SealedDay, first: int) -> bool:
        """The day as a data set, all of its lines at once. False when one of them is in a remittance already."""
        mine = {"of": data_set.remittance, "place": data_set.position, "first": first}
        try:
            with work.begin_nested():
                work.execute(INSERT_SET, _set_row(data_set))
                work.execute(COPY_LINES, mine | {"of_reader": day.reader, "of_day": day.number})
        except IntegrityError:
            return False
        return True

    def add_loose(self, work: Work, data_set: DataSetRow, loose: Sequence[SealedLine], first: int) -> None:
        """Lines without a seal, which then wait no more."""
        work.execute(INSERT_SET, _set_row(data_set))
        work.execute(INSERT_LINES, [_line_row(data_set, first + place, line) for place, line in enumerate(loose)])
        gone = [line.transaction_id for line in loose]
        for place in range(0, len(gone), 500):
            work.execute(delete(waiting).where(waiting.c.transaction_id.in_(gone[place : place + 500])))

    def drop_data_set(self, work: Work, remittance_id: int, position: int) -> None:
        """Before it is sealed: a day that proved broken as it was written."""
        work.execute(delete(lines).where(lines.c.remittance == remittance_id, lines.c.data_set == position))
        mine = and_(data_sets.c.remittance == remittance_id, data_sets.c.position == position)
        work.execute(delete(data_sets).where(mine))

    def data_sets(self, work: Work, remittance_id: int) -> list[DataSetRow]:
        return [_data_set(row) for row in work.execute(DATA_SETS, {"wanted": remittance_id})]

    def lines_from(self, work: Work, remittance_id: int, line: int, limit: int, data_set: int = -1) -> list[Line]:
        """In order, from that line; of one data set, or of all."""
        chosen = LINES if data_set < 0 else LINES.where(lines.c.data_set == data_set)
        return [_line(row) for row in work.execute(chosen, {"of": remittance_id, "first": line, "most": limit})]

    def waiting(self, work: Work, contract_id: str) -> dict[tuple[str, int], list[bytes]]:
        """Lines that go without a seal, by reader and day."""
        found: dict[tuple[str, int], list[bytes]] = {}
        for row in work.execute(WAITING, {"wanted": contract_id}):
            found.setdefault((row.reader, row.number), []).append(row.transaction_id)
        return found

    # ---- what became of it ----

    def answer(
        self, work: Work, sets: Sequence[DataSetRow], rejected: Mapping[bytes, str], refused: Mapping[str, str]
    ) -> None:
        """What the acquirer said: rejected transactions and refused data sets by id, the others are accepted."""
        mine = {"of": sets[0].remittance}
        lost = [{"key": key, "reason": reason[:64]} for key, reason in rejected.items()]
        if lost:
            work.execute(REJECT, [mine | {"state": LineState.REJECTED.value} | each for each in lost])
        for row in sets:
            reason = refused.get(row.id)
            state = LineState.ACCEPTED if reason is None else LineState.REJECTED
            facts = mine | {"place": row.position, "state": state.value, "reason": reason and reason[:64]}
            work.execute(ANSWER_LINES, facts)
            work.execute(ANSWER_SET, facts)

    def ids_of(self, work: Work, remittance_id: int, ids: Iterable[bytes]) -> set[bytes]:
        """Those of the ids that are lines of it."""
        wanted, found = list(ids), set()
        for place in range(0, len(wanted), 500):
            chosen = lines.c.transaction_id.in_(wanted[place : place + 500])
            found |= set(
                work.scalars(select(lines.c.transaction_id).where(lines.c.remittance == remittance_id, chosen))
            )
        return found

    def rejected(self, work: Work, remittance_id: int) -> list[Line]:
        return [_line(row) for row in work.execute(REJECTED, {"of": remittance_id})]

    def rejected_of(self, work: Work, contract_id: str) -> list[tuple[Line, str]]:
        """Lines that the acquirer rejected and that have not gone again, nor wait to, each with its reader; without
        those of a day that was refused, since it goes again whole."""
        again = lines.alias()
        joined = (
            lines.join(remittances, remittances.c.id == lines.c.remittance)
            .join(
                data_sets, and_(data_sets.c.remittance == lines.c.remittance, data_sets.c.position == lines.c.data_set)
            )
            .outerjoin(
                again, and_(again.c.transaction_id == lines.c.transaction_id, again.c.remittance > lines.c.remittance)
            )
            .outerjoin(waiting, waiting.c.transaction_id == lines.c.transaction_id)
        )
        mine = and_(remittances.c.contract == contract_id, lines.c.state == LineState.REJECTED)
        refused = exists().where(
            data_sets.c.sealed,
            sealed_days.c.reader == data_sets.c.reader,
            sealed_days.c.number == data_sets.c.number,
            sealed_days.c.state == DayState.REFUSED,
        )
        stands = and_(mine, again.c.remittance.is_(None), waiting.c.transaction_id.is_(None), ~refused)
        chosen = select(lines, data_sets.c.reader).select_from(joined).where(stands)
        rows = work.execute(chosen.order_by(lines.c.remittance, lines.c.line)).all()
        return [(_line(row), row.reader) for row in rows]

    def stand_rejected(self, work: Work, remittance: Remittance) -> int:
        """How many of its lines a person has to decide about."""
        return sum(line.remittance == remittance.id for line, _ in self.rejected_of(work, remittance.contract))

    def last_of(self, work: Work, transaction_id: bytes) -> tuple[Line, DataSetRow, str] | None:
        """A transaction's latest line, the data set that it is in, and its contract."""
        joined = lines.join(remittances, remittances.c.id == lines.c.remittance)
        chosen = select(lines, remittances.c.contract).select_from(joined)
        same = chosen.where(lines.c.transaction_id == transaction_id)
        row = work.execute(same.order_by(lines.c.remittance.desc()).limit(1)).first()
        if row is None:
            return None
        return _line(row), self.data_sets(work, row.remittance)[row.data_set], row.contract

    def line_of(self, work: Work, transaction_id: bytes) -> Line | None:
        """The one that is not rejected."""
        same = and_(lines.c.transaction_id == transaction_id, NOT_REJECTED)
        row = work.execute(select(lines).where(same)).first()
        return _line(row) if row else None


def _first(work: Work, chosen: Select, **wanted: object) -> Remittance | None:
    row = work.execute(chosen, wanted).first()
    return _remittance(row) if row else None


def _row(remittance: Remittance) -> dict[str, Any]:
    row = {name: getattr(remittance, name) for name in FIELDS}
    return row | {"state": remittance.state.value, "currency": remittance.currency.code}


def _remittance(row: Row) -> Remittance:
    facts: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    facts.update(id=row.id, state=State(row.state), currency=CURRENCIES[row.currency])
    return Remittance(**facts)


def _set_row(data_set: DataSetRow) -> dict[str, Any]:
    return {name: getattr(data_set, name) for name in SET_FIELDS} | {"state": data_set.state.value}


def _data_set(row: Row) -> DataSetRow:
    facts: dict[str, Any] = {name: getattr(row, name) for name in SET_FIELDS}
    facts["state"] = LineState(row.state)
    return DataSetRow(**facts)


def _line_row(data_set: DataSetRow, number: int, line: SealedLine) -> dict[str, Any]:
    return {
        "remittance": data_set.remittance,
        "line": number,
        "data_set": data_set.position,
        "transaction_id": line.transaction_id,
        "kind": line.kind,
        "amount_minor": line.amount.amount_minor,
        "currency": line.amount.currency.code,
        "state": LineState.PENDING.value,
    }


def _line(row: Row) -> Line:
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    place = (row.remittance, row.line, row.data_set, row.transaction_id, row.kind)
    return Line(*place, amount, LineState(row.state), row.reason)
