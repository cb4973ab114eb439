"""A contract's remittance is opened: once a cut-off, and one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from host.clock import Clock
from host.database import Work
from host.telecollection.errors import UnknownContract
from host.telecollection.model import Contract, Remittance
from host.telecollection.schedule import business_date
from host.telecollection.store import TelecollectionStore


class Opening:
    def __init__(self, store: TelecollectionStore, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._store = store
        self._clock = clock
        self._random = random

    def of_cut_off(self, contract: Contract, due_at: datetime) -> Remittance:
        """The same one whenever it is asked for."""
        return self._open(contract, due_at)

    def by_hand(self, contract_id: str) -> Remittance:
        """The one that is open, if there is. Raises UnknownContract."""
        with self._store.transaction() as work:
            contract = self._store.contracts.get(work, contract_id)
        if not contract.active:
            raise UnknownContract(f"{contract_id} is closed")
        return self._open(contract, None)

    def _open(self, contract: Contract, due_at: datetime | None) -> Remittance:
        try:
            with self._store.transaction() as work:
                return self._opened(work, contract, due_at)
        except IntegrityError:  # another till or worker was quicker
            with self._store.transaction() as work:
                return self._opened(work, contract, due_at)

    def _opened(self, work: Work, contract: Contract, due_at: datetime | None) -> Remittance:
        remittances, now = self._store.remittances, self._clock.now()
        found = remittances.of_cut_off(work, contract.id, due_at) if due_at else None
        found = found or remittances.open_of(work, contract.id)
        if found is not None:
            return found
        day = business_date(contract, due_at or now)
        sequence = remittances.next_sequence(work, contract.id, day)
        exchange_id = self._exchange_id(now)
        remittance = Remittance(contract.id, day, sequence, exchange_id, now, contract.currency, due_at=due_at)
        return replace(remittance, id=remittances.add(work, remittance))

    def _exchange_id(self, now: datetime) -> int:
        """18 digits that no other has, not even after a backup was put back: the acquirer would give the answer of
        another batch."""
        return int(now.timestamp() * 1000) * 100_000 + int.from_bytes(self._random(4), "big") % 100_000
