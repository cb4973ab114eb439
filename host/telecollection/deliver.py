"""The acquirer's part of the evening: the file leaves, and is answered.

SENT is stored before the file leaves. Without an answer it leaves again, the same file, until it is answered: nothing
of it may go in another remittance meanwhile, for the acquirer may have it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from host.acquirer.errors import AcquirerError, BadAnswer
from host.acquirer.model import BatchAnswer
from host.clock import Clock
from host.database import Work
from host.jobs.port import Timers
from host.money import Money
from host.telecollection import totals
from host.telecollection.calendar import next_working_day
from host.telecollection.compose import Composing
from host.telecollection.errors import FileChanged
from host.telecollection.model import Alert, AlertKind, DataSetRow, Remittance
from host.telecollection.ports import Acquirers, Captures, Ledger
from host.telecollection.reconcile import RETRY, accepted
from host.telecollection.schedule import evening, next_try
from host.telecollection.states import UNANSWERED, DayState, State, answer_of
from host.telecollection.store import TelecollectionStore

LOST_AFTER = timedelta(minutes=15)  # without a word of it, a run is started anew
OF_CONTRACT = ("contract_unknown", "contract_closed")  # a refusal that judges no line: the day goes again by itself


class Delivery:
    def __init__(
        self,
        store: TelecollectionStore,
        captures: Captures,
        ledger: Ledger,
        acquirers: Acquirers,
        composing: Composing,
        timers: Timers,
        clock: Clock,
    ) -> None:
        self._store = store
        self._captures = captures
        self._ledger = ledger
        self._acquirers = acquirers
        self._composing = composing
        self._timers = timers
        self._clock = clock

    async def send(self, remittance_id: int, wrote: Callable[[int], None]) -> State:
        """The state after it. What was answered already is not sent again."""
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            contract = self._store.contracts.get(work, remittance.contract)
            if remittance.state is State.SEALED and not self._store.remittances.data_sets(work, remittance_id):
                return self._nothing(work, remittance)
            if remittance.state in UNANSWERED and self._behind(work, remittance):
                return remittance.state
        if remittance.state not in UNANSWERED or remittance.state is State.OPEN:
            return remittance.state
        try:
            path = self._composing.file(remittance, wrote)
            self._leaves(remittance_id)
            answer = await self._acquirers(contract).submit(path)
            with self._store.transaction() as work:
                return self._answered(work, self._store.remittances.get(work, remittance_id), answer)
        except (AcquirerError, FileChanged) as error:
            return self._unanswered(remittance_id, error)

    # ---- out ----

    def _behind(self, work: Work, remittance: Remittance) -> bool:
        """An earlier one is not answered: the acquirer takes a reader's seals in their order, so this one waits."""
        unanswered = self._store.remittances.unanswered(work, remittance.contract)
        if all(each.id >= remittance.id for each in unanswered):
            return False
        self._timers.clear(work, RETRY, str(remittance.id))  # whoever has the first answered goes on with the others
        return True

    def _nothing(self, work: Work, remittance: Remittance) -> State:
        now = self._clock.now()
        self._store.remittances.save(work, remittance.become(State.ACKED, answered_at=now, reconciled_at=now))
        self._timers.clear(work, RETRY, str(remittance.id))
        return State.ACKED

    def _leaves(self, remittance_id: int) -> None:
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            if remittance.state in UNANSWERED:
                sent_at = remittance.sent_at or self._clock.now()
                sent = remittance.become(State.SENT, attempts=remittance.attempts + 1, sent_at=sent_at)
                self._store.remittances.save(work, sent)
                self._timers.set(work, RETRY, str(remittance_id), self._clock.now() + LOST_AFTER)

    def _unanswered(self, remittance_id: int, error: Exception) -> State:
        why = f"{type(error).__name__} {error}".strip()[:64]
        with self._store.transaction() as work:
            remittance = self._store.remittances.get(work, remittance_id)
            if remittance.state in (State.SENT, State.UNKNOWN):
                remittance = remittance.become(State.UNKNOWN, why=why)
                self._store.remittances.save(work, remittance)
            if remittance.state in UNANSWERED:  # else another run had the answer
                contract = self._store.contracts.get(work, remittance.contract)
                now = self._clock.now()
                due = next_try(contract, max(remittance.attempts, 1), now)
                self._timers.set(work, RETRY, str(remittance.id), due)
                alert = Alert(AlertKind.NOT_ANSWERED, contract.id, contract.id, now, detail=why)
                self._store.alerts.raise_(work, alert, evening(contract, now))
            return remittance.state

    # ---- in ----

    def _answered(self, work: Work, remittance: Remittance, answer: BatchAnswer) -> State:
        """All of an answer is one commit. Raises BadAnswer for one that is not of this remittance."""
        if remittance.state not in (State.SENT, State.UNKNOWN):
            return remittance.state  # another run had the same answer
        rejected = {line.transaction_id: line.reason for line in answer.rejected}
        refused = dict(answer.refused)
        sets = self._store.remittances.data_sets(work, remittance.id)
        self._check(work, remittance, answer, sets)
        self._store.remittances.answer(work, sets, rejected, refused)
        lost = len(self._store.remittances.rejected(work, remittance.id)) if rejected or refused else 0
        net = totals.net_minor(accepted(work, self._store, self._captures, remittance.id))
        state = State.REJECTED if refused and len(refused) == len(sets) else answer_of(remittance.count, lost)
        contract = self._store.contracts.get(work, remittance.contract)
        taken_on = max(remittance.business_date, evening(contract, self._clock.now()))
        due = next_working_day(taken_on) if net > 0 else None
        facts = {"answered_at": self._clock.now(), "net_minor": net, "expected_on": due, "why": None}
        self._store.remittances.save(work, remittance.become(state, **facts))
        if net:
            self._ledger.record_remittance(work, remittance.exchange_id, Money(net, remittance.currency))
        self._refuse_days(work, remittance, sets, refused)
        self._tell(work, remittance, lost, refused)
        return state

    def _check(self, work: Work, remittance: Remittance, answer: BatchAnswer, sets: list[DataSetRow]) -> None:
        rejected = {line.transaction_id for line in answer.rejected}
        refused = {name for name, _ in answer.refused}
        rows = {row.id: row.count for row in sets}
        if answer.exchange_id != remittance.exchange_id or not refused <= set(rows):
            raise BadAnswer("answer to another batch")
        if self._store.remittances.ids_of(work, remittance.id, rejected) != rejected:
            raise BadAnswer("a line that was not sent")
        if answer.accepted_count + len(rejected) + sum(rows[name] for name in refused) != remittance.count:
            raise BadAnswer("count")

    def _refuse_days(self, work: Work, remittance: Remittance, sets: list[DataSetRow], refused: dict[str, str]) -> None:
        """Told of each, empty ones too: what follows it waits."""
        for row in sets:
            if not row.sealed or refused.get(row.id, OF_CONTRACT[0]) in OF_CONTRACT:
                continue
            day = self._store.days.get(work, row.reader, row.number)
            if day is not None:
                why, key = refused[row.id], f"{row.reader} {row.number}"
                self._store.days.decide(work, day, DayState.REFUSED, why[:32])
                alert = Alert(AlertKind.DAY_REFUSED, key, remittance.contract, self._clock.now(), detail=why)
                self._store.alerts.raise_(work, alert, remittance.business_date)

    def _tell(self, work: Work, remittance: Remittance, rejected: int, refused: dict[str, str]) -> None:
        now, contract = self._clock.now(), remittance.contract
        of_contract = next((why for why in refused.values() if why in OF_CONTRACT), None)
        if not self._store.remittances.unanswered(work, contract):
            self._store.alerts.clear(work, AlertKind.NOT_ANSWERED, contract, now)
        if of_contract:
            alert = Alert(AlertKind.CONTRACT_REFUSED, contract, contract, now, detail=of_contract)
        elif rejected and (standing := self._store.remittances.stand_rejected(work, remittance)):
            alert = Alert(AlertKind.REJECTED, remittance.reference, contract, now, detail=str(standing))
        else:
            self._store.alerts.clear(work, AlertKind.CONTRACT_REFUSED, contract, now)
            return
        self._store.alerts.raise_(work, alert, remittance.business_date)
