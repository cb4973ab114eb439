"""The merchant edits the programme: a draft is checked against the law, tried on the visits of late, and published."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from host.loyalty import checks, rules
from host.loyalty.errors import NoProgramme, ProgrammeRefused
from host.loyalty.law import LIMITS, Limit, limit
from host.loyalty.model import NOTHING, Counter, LegalClass, Programme, Reward
from host.loyalty.parts import Parts
from host.loyalty.timers import NIGHT
from host.money import Money, total

TRIED_DAYS = 90
TRIED_VISITS = 20_000


@dataclass(frozen=True)
class Preview:
    """What the draft would have been on the members' visits of TRIED_DAYS, the newest TRIED_VISITS of them.

    faults: as checks.py has them; with any it cannot be published. limits: what the law says today of classes that it
    leaves less than all. excluded: classes that earn nothing in this programme. earned: by counter. reached: by
    reward, how often. cost: of the rewards that have an amount.
    """

    faults: tuple[str, ...]
    limits: tuple[Limit, ...]
    excluded: tuple[LegalClass, ...]
    visits: int
    turnover: Money
    earned: Mapping[Counter, int]
    reached: Mapping[str, int]
    cost: Money


class Programmes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def current(self) -> Programme | None:
        with self._store.transaction() as work:
            return self._store.programmes.in_force(work, self._parts.now())

    def versions(self) -> list[Programme]:
        """The newest first; one that has not begun may be ahead."""
        with self._store.transaction() as work:
            return self._store.programmes.every(work)

    def preview(self, draft: Programme, classes: Mapping[str, LegalClass]) -> Preview:
        """`classes`: of the categories of articles that have one (TillService.classes)."""
        day, now = self._parts.today(), self._parts.now()
        faults = tuple(checks.faults(draft, classes, day))
        with self._store.transaction() as work:
            sample = self._store.visits.sample(work, now - timedelta(days=TRIED_DAYS), TRIED_VISITS)
        usable = draft if "earnings" not in faults else replace(draft, earnings=(), rewards=())
        earned, of_client = Counts[Counter](), Counts[tuple[str | None, Counter]]()
        for visit in sample:
            for counter, points in rules.earned(usable, visit.basket, day).items():
                earned[counter] += points
                of_client[visit.client_id, counter] += points
        reached = {reward.id: _reached(reward, of_client) for reward in usable.rewards}
        cost = total([reward.amount * reached.get(reward.id, 0) for reward in usable.rewards])
        turnover = sum((visit.amount for visit in sample), NOTHING)
        return Preview(
            faults, _limits(self._parts), _excluded(usable, self._parts), len(sample), turnover, earned, reached, cost
        )

    def publish(self, draft: Programme, classes: Mapping[str, LegalClass]) -> Programme:
        """A new version, in force from its `valid_from`, now at the earliest. Raises ProgrammeRefused."""
        now = self._parts.now()
        found = checks.faults(draft, classes, self._parts.day(max(now, draft.valid_from)))
        if found:
            raise ProgrammeRefused(found)
        dated = replace(draft, valid_from=max(now, draft.valid_from))
        with self._store.transaction() as work:
            version = self._store.programmes.add(work, dated, now)
            self._parts.timers.set(work, NIGHT, NIGHT, now)
        return replace(dated, version=version)

    def end(self) -> None:
        """From now on nobody joins and nothing is earned or spent. Raises NoProgramme."""
        now = self._parts.now()
        with self._store.transaction() as work:
            programme = self._store.programmes.in_force(work, now)
            if programme is None:
                raise NoProgramme
            self._store.programmes.add(work, replace(programme, active=False, valid_from=now), now)


def _reached(reward: Reward, of_client: Mapping[tuple[str | None, Counter], int]) -> int:
    """How often, had each client spent all on that one."""
    collected = [points for (_, counter), points in of_client.items() if counter is reward.counter]
    return sum(points // max(1, reward.threshold) for points in collected)


def _limits(parts: Parts) -> tuple[Limit, ...]:
    classes = sorted({row.legal_class for row in LIMITS})
    return tuple(limit(legal_class, parts.today()) for legal_class in classes)


def _excluded(programme: Programme, parts: Parts) -> tuple[LegalClass, ...]:
    day = parts.today()
    return tuple(
        legal_class
        for legal_class in LegalClass
        if not any(rules.earns(programme, earning, legal_class, day) for earning in programme.earnings)
    )
