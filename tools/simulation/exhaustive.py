"""Every fault at every place (faults/FM-10): the n-th write, frame, APDU, message or commit, until there is no n-th."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tools.simulation.faults import FAULTS, AtPlace
from tools.simulation.runner import Run, in_processes, run
from tools.simulation.story import BEFORE, Operation, Story

SCENARIOS: dict[str, tuple[Operation, ...]] = {
    "sale by chip": (Operation("sale", 1, 1234, "cb_visa_debit", "contact"),),
    "sale by tap": (Operation("sale", 1, 1234, "phone_wallet", "contactless"),),
    "sale declined": (Operation("sale", 1, 1234, "declined", "contact"),),
}


@dataclass(frozen=True)
class Loop:
    """One fault at each place of one kind, in one scenario."""

    scenario: str
    place: str
    fault: str


@dataclass(frozen=True)
class Looped:
    loop: Loop
    places: int
    runs: list[Run]  # those that failed
    sales: int


def loops(families: tuple[str, ...]) -> list[Loop]:
    return [
        Loop(scenario, place, fault)
        for scenario in SCENARIOS
        for place, rows in FAULTS.items()
        for family, (_, faults) in rows.items()
        for fault in faults
        if family in families and place != "press"
    ]


def run_loop(loop: Loop) -> Looped:
    story = Story(0, SCENARIOS[loop.scenario], (), BEFORE)
    failed, sales, number = [], 0, 0
    while True:
        number += 1
        faults = AtPlace(loop.place, loop.fault, number)
        told = run(story, faults)
        sales += told.sales
        if told.failures:
            failed.append(replace(told, seed=number))
        if not faults.struck:
            return Looped(loop, number - 1, failed, sales)


def run_loops(families: tuple[str, ...], workers: int) -> Iterator[Looped]:
    return in_processes(run_loop, loops(families), workers, 1)
