"""Two clients turn out to be one: both histories stay, and are the survivor's from now on (services/L-7, HL-4)."""

from __future__ import annotations

from collections import Counter as Counts
from datetime import date

from host.database import Work
from host.loyalty.model import Client
from host.loyalty.parts import Parts
from host.loyalty.rules import gap_counts
from host.loyalty.states import State


class Merging:
    def __init__(self, parts: Parts) -> None:
        self._store = parts.store

    def merge(self, work: Work, gone_id: str, stays_id: str) -> Client:
        """The survivor. Visits and entries stay as they were booked; what sums them up moves."""
        for client_id in sorted([gone_id, stays_id]):  # whoever merges the same two the other way round waits
            self._store.clients.held(work, client_id)
        gone, stays = self._store.clients.held(work, gone_id), self._store.clients.held(work, stays_id)
        if gone.id == stays.id:
            return stays
        before = self._gaps(work, gone.id) + self._gaps(work, stays.id)
        both = stays.with_sums_of(gone)
        self._store.clients.save(work, gone.become(State.MERGED, merged_into=stays.id).without_sums())
        self._store.clients.save(work, both)
        self._move(work, gone.id, stays.id)
        changes = self._gaps(work, stays.id)
        changes.subtract(before)
        self._store.visits.count_gaps(work, changes)
        return both

    def _move(self, work: Work, gone: str, stays: str) -> None:
        clients = self._store.clients
        clients.adopt(work, gone, stays)
        clients.relink(work, gone, stays)
        clients.forget(work, gone)
        clients.forget_codes(work, [gone])
        self._store.points.unite(work, gone, stays)

    def _gaps(self, work: Work, client_id: str) -> Counts[tuple[date, int]]:
        return gap_counts(self._store.visits.days(work, self._store.clients.family(work, client_id)))
