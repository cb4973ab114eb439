"""The readers' part of the evening: each closes its day, and what it sealed is checked against the host's copies.

What is asked of a reader is stored before it is asked, so that a step which runs twice asks for the same day again and
gets the same seal. A reader that is in mid payment is waited for: the payment goes whole into the next day.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import date

from host.clock import Clock
from host.database import Work
from host.payment.errors import PaymentError
from host.telecollection.closing_store import Outcome
from host.telecollection.errors import MalformedSeal, SealBroken
from host.telecollection.model import Alert, AlertKind, Remittance, SealedDay, SealedLine
from host.telecollection.ports import Captures, Message, Reader, Readers
from host.telecollection.seal import Check, check_chain, read_lines
from host.telecollection.states import DayState, State
from host.telecollection.store import TelecollectionStore
from host.terminal.errors import AnotherReader, ReaderBusy, ReaderRefused, TerminalError, WrongSeal

BUSY_TRIES = 20
BUSY_PAUSE_S = 15.0
log = logging.getLogger(__name__)

COPIES = ("copy_missing", "copy_differs")  # why a day is refused that may prove good another evening
AT_ONCE = 500


class Gathering:
    def __init__(
        self,
        store: TelecollectionStore,
        captures: Captures,
        readers: Readers,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store = store
        self._captures = captures
        self._readers = readers
        self._clock = clock
        self._pause = pause

    async def close(self, remittance_id: int, serial: str) -> Outcome | None:
        """What came of it; None once the remittance is sealed: that reader's day goes with the next one."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            before = self._store.closings.outcome(work, remittance_id, serial)
        if remittance.state is not State.OPEN or before is Outcome.SEALED:
            return before
        outcome = await self._closed(remittance, serial)
        with self._store.transaction() as work:
            if self._store.closings.outcome(work, remittance_id, serial) is Outcome.SEALED:
                return Outcome.SEALED  # another run was quicker, and the reader may have purged the day by now
            self._store.closings.end(work, remittance_id, serial, outcome)
            self._tell(work, remittance, serial, outcome)
        return outcome

    async def _closed(self, remittance: Remittance, serial: str) -> Outcome:
        for _ in range(BUSY_TRIES):
            try:
                return await self._close(remittance, serial)
            except ReaderBusy:
                await self._pause(BUSY_PAUSE_S)
            except AnotherReader:
                return self._by_its_till(remittance, serial)
            except ReaderRefused as refusal:  # it is there, and does not: its journal is damaged, it has no keys left
                return self._refused(remittance, serial, refusal.code)
            except TerminalError:
                break
            except SealBroken as error:
                return self._refused(remittance, f"{serial} {error.number}", error.why)
            except MalformedSeal:
                return self._refused(remittance, serial, "malformed")
        return Outcome.ABSENT

    def _by_its_till(self, remittance: Remittance, serial: str) -> Outcome:
        """It is not here: its own till may have closed the day, and checked it, on the same database."""
        with self._store.transaction() as work:
            known = self._store.days.of_reader(work, serial, 1)
        if not known or known[0].business_date < remittance.business_date:
            return Outcome.ABSENT
        return Outcome.REFUSED if known[0].state is DayState.REFUSED else Outcome.SEALED

    async def _close(self, remittance: Remittance, serial: str) -> Outcome:
        reader = self._readers(serial)
        welcome = await reader.connect()
        if welcome["serial"] != serial:
            raise AnotherReader(serial)
        with self._store.transaction() as work:
            number = self._store.closings.begin(work, remittance.id, serial, welcome["number"])
            self._store.contracts.seen(work, serial, self._clock.now(), welcome.get("parameters_version", 0))
            known = self._store.days.of_reader(work, serial, 1)
        last = known[0].number if known else 0
        if welcome["number"] <= last:
            raise SealBroken(serial, welcome["number"], "fork")  # an old image of its storage was put back
        first = await self._first(reader, number, last, remittance.business_date)
        for each in range(first, number + 1):
            await self._fetch(reader, remittance, serial, each)
        return await self._checked(reader, serial)

    async def _first(self, reader: Reader, number: int, last: int, day: date) -> int:
        """The oldest after the last one that we have which it has not purged: others may be in another host's hands."""
        while number > last + 1:
            try:
                await reader.close_day(number - 1, _digits(day))
            except WrongSeal:
                break
            number -= 1
        return number

    async def _fetch(self, reader: Reader, remittance: Remittance, serial: str, number: int) -> None:
        """The seal and its lines, stored as they are. Raises SealBroken when they do not hold together."""
        seal = await reader.close_day(number, _digits(remittance.business_date))
        lines = read_lines(await reader.seal_lines(number)) if seal["count"] else []
        day = self._day(remittance, serial, seal)
        check = Check(day)
        for line in lines:
            check.line(line)
        check.end()
        with self._store.transaction() as work:
            same = self._store.days.get(work, serial, number)
            check_chain(day, self._store.days.get(work, serial, number - 1), same)
            if same is None:
                self._store.days.add(work, day, lines)

    def _day(self, remittance: Remittance, serial: str, seal: Message) -> SealedDay:
        """Refused until its copies are checked, for that is another step."""
        return SealedDay(
            reader=serial,
            contract=remittance.contract,
            business_date=_date(seal["business_date"]),
            sealed_at=self._clock.now(),
            state=DayState.REFUSED,
            why=COPIES[0],
            **{name: seal[name] for name in ("number", "count", "totals", "previous", "hash", "ksn", "mac")},
        )

    async def _checked(self, reader: Reader, serial: str) -> Outcome:
        """Check the copies of this day, and of those that were refused for their copies before."""
        with self._store.transaction() as work:
            days = self._store.days.of_reader(work, serial)
        doubtful = [day for day in reversed(days) if day.state is DayState.REFUSED and day.why in COPIES]
        whole = True
        for day in doubtful:
            try:
                await self._check_copies(reader, day)
                self._decide(day, DayState.SEALED)
            except SealBroken as error:
                self._decide(day, DayState.REFUSED, error.why)
                whole = False
        return Outcome.SEALED if whole else Outcome.REFUSED

    async def _check_copies(self, reader: Reader, day: SealedDay) -> None:
        """Asks the reader for what was never copied. Raises SealBroken."""
        check = Check(day)
        for position in range(0, day.count, AT_ONCE):
            with self._store.transaction() as work:
                lines = self._store.days.lines_from(work, day, position, AT_ONCE)
                copies = self._captures.find(work, [line.transaction_id for line in lines])
            missing = [line for line in lines if line.transaction_id not in copies]
            for line in missing:
                await self._ask(reader, day.reader, line)
            with self._store.transaction() as work:
                copies |= self._captures.find(work, [line.transaction_id for line in missing])
            for line in lines:
                check.line(line)
                check.copy(line, copies.get(line.transaction_id))
        check.end()

    async def _ask(self, reader: Reader, serial: str, line: SealedLine) -> None:
        try:
            told = await reader.status(transaction_id=line.transaction_id)
        except ReaderBusy:
            raise
        except ReaderRefused:  # it has purged it, or never had it
            return
        if told["type"] == "result":
            try:
                self._captures.keep(serial, told)
            except PaymentError as error:  # such as a refund of a sale that this host never had: its day is refused
                log.error("a line is not kept: %s", type(error).__name__)

    def _decide(self, day: SealedDay, state: DayState, why: str | None = None) -> None:
        with self._store.transaction() as work:
            self._store.days.decide(work, day, state, why)
            key = f"{day.reader} {day.number}"
            if state is DayState.SEALED:
                self._store.alerts.clear(work, AlertKind.DAY_REFUSED, key, self._clock.now())
            else:
                alert = Alert(AlertKind.DAY_REFUSED, key, day.contract, self._clock.now(), detail=why or "")
                self._store.alerts.raise_(work, alert, day.business_date)

    def _refused(self, remittance: Remittance, key: str, why: str) -> Outcome:
        alert = Alert(AlertKind.DAY_REFUSED, key, remittance.contract, self._clock.now(), detail=why)
        with self._store.transaction() as work:
            self._store.alerts.raise_(work, alert, remittance.business_date)
        return Outcome.REFUSED

    def _tell(self, work: Work, remittance: Remittance, serial: str, outcome: Outcome) -> None:
        now = self._clock.now()
        for alert in self._store.alerts.standing(work, remittance.contract):
            here = alert.kind is AlertKind.READER_ABSENT and alert.key == serial and outcome is not Outcome.ABSENT
            if here or (outcome is Outcome.SEALED and self._is_over(work, alert, serial)):
                self._store.alerts.clear(work, alert.kind, alert.key, now)
        if outcome is Outcome.ABSENT and not self._store.contracts.lost(work, serial):
            alert = Alert(AlertKind.READER_ABSENT, serial, remittance.contract, self._clock.now())
            self._store.alerts.raise_(work, alert, remittance.business_date)

    def _is_over(self, work: Work, alert: Alert, serial: str) -> bool:
        """It says that a day of the reader was refused, such as for a fork, and no such day is: it has sealed since."""
        reader, _, number = alert.key.partition(" ")
        if alert.kind is not AlertKind.DAY_REFUSED or reader != serial:
            return False
        day = self._store.days.get(work, serial, int(number)) if number else None
        return day is None or day.state is not DayState.REFUSED


def _digits(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def _date(digits: int) -> date:
    return date(digits // 10000, digits // 100 % 100, digits % 100)
