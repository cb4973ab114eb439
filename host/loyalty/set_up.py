"""The steps of the set-up, in days since the subscription (services/L-2 to L-4), and which of them are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from host.loyalty.model import Programme


@dataclass(frozen=True)
class Step:
    """`first` to `last`: days since the subscription. `known`: the till sees for itself whether it is done."""

    name: str
    first: int
    last: int
    known: bool = False


@dataclass(frozen=True)
class Stage:
    """Where a step is. done_at: when it was ticked; due: the days on which it is expected, once the subscription is."""

    step: Step
    done: bool
    done_at: datetime | None = None
    due: tuple[date, date] | None = None

    def is_late(self, today: date) -> bool:
        return not self.done and self.due is not None and self.due[1] < today


STEPS = (
    Step("subscription", 0, 0),
    Step("notice", 0, 0),  # displayed in the shop
    Step("installation", 5, 10),  # from afar, 10 to 15 minutes, at a chosen time
    Step("meeting", 15, 15),  # 45 to 60 minutes, by phone, with a shared screen
    Step("programme", 15, 15, known=True),
    Step("conditions", 15, 15, known=True),
    Step("posters", 15, 20),  # by e-mail, or five days by post
    Step("placed", 15, 20),
    Step("first_member", 20, 30, known=True),
)


def stages(ticked: Mapping[str, datetime], current: Programme | None, members: int) -> list[Stage]:
    """`ticked`: when each step was that the merchant ticked; `current`: the programme in force."""
    seen = {
        "programme": current is not None,
        "conditions": current is not None and current.conditions is not None,
        "first_member": members > 0,
    }
    began = ticked.get("subscription")
    found = []
    for step in STEPS:
        done_at = None if step.known else ticked.get(step.name)
        found.append(Stage(step, seen.get(step.name, done_at is not None), done_at, _due(step, began)))
    return found


def _due(step: Step, began: datetime | None) -> tuple[date, date] | None:
    if began is None:
        return None
    day = began.date()
    return day + timedelta(days=step.first), day + timedelta(days=step.last)
