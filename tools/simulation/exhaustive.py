"""Every fault at every place (faults/FM-10): the n-th write, frame, APDU, message or commit, until there is no n-th."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tools.simulation.faults import FAULTS, AtPlace
from tools.simulation.runner import Run, in_processes, run
from tools.simulation.story import Operation, Story


def _sale(amount_minor: int) -> Operation:
    return Operation("sale", 1, amount_minor, "visa_credit", "contact")


_SALE = Operation("sale", 1, 12_34, "cb_visa_debit", "contact")
_HELD = Operation("preauthorise", 1, 100_00, "visa_credit", "contact")
_COLLECT = Operation("collect", 1)
_UNHEARD = ("frame", "cut", 1, "reader acknowledge")
_SEGMENT = 8  # records: days are purged
_OF_MERCHANT = ("press", "rest")  # places that are none of the machine's
# what comes before, undisturbed but for what it says, and what is struck
SCENARIOS: dict[str, tuple[tuple[Operation, ...], tuple[Operation, ...]]] = {
    "sale": ((), (_SALE,)),
    "tap": ((), (Operation("sale", 1, 12_34, "phone_wallet", "contactless"),)),
    "declined": ((), (Operation("sale", 1, 12_34, "declined", "contact"),)),
    "tip": ((), (Operation("tipped", 1, 52_00, "cb_visa_debit", "contact"),)),
    "offline": ((), (Operation("offline", 1, 12_34, "offline", "contact"),)),
    "refund": ((_SALE,), (Operation("refund", 1, 5_67, "cb_visa_debit", "contact", of=0),)),
    "cancellation": ((_SALE,), (Operation("void", 1, of=0),)),
    "preauthorisation": ((), (_HELD,)),
    "completion": ((_HELD,), (Operation("complete", 1, 98_76, of=0),)),
    "telecollection": ((_SALE,), (_COLLECT,)),
    # the acquirer has the day, and the reader has not heard of it
    "acknowledgement": ((_SALE, replace(_COLLECT, struck=(_UNHEARD,))), (_COLLECT,)),
    # the second evening purges the day of the first, but for what is held: that is written again
    "purge": ((_HELD, _SALE, _COLLECT, _sale(23_45), _sale(34_56)), (_COLLECT,)),
}


@dataclass(frozen=True)
class Loop:
    """One fault at each place of one kind, in one scenario."""

    scenario: str
    place: str
    fault: str


@dataclass(frozen=True)
class Looped:
    """`runs`: one for each place, its number for a seed; and the last, in which the fault found no place."""

    loop: Loop
    runs: list[Run]


def loops(scenarios: Iterable[str], families: tuple[str, ...]) -> list[Loop]:
    return [
        Loop(scenario, place, fault)
        for scenario in scenarios
        for place, rows in FAULTS.items()
        for family, (_, faults) in rows.items()
        for fault in faults
        if family in families and place not in _OF_MERCHANT
    ]


def run_loop(loop: Loop) -> Looped:
    before, operations = SCENARIOS[loop.scenario]
    story = Story(0, operations, (), before, segment=_SEGMENT)
    runs: list[Run] = []
    while True:
        faults = AtPlace(loop.place, loop.fault, len(runs) + 1)
        runs.append(replace(run(story, faults), seed=len(runs) + 1))
        if not faults.struck:
            return Looped(loop, runs)


def run_loops(scenarios: Iterable[str], families: tuple[str, ...], workers: int) -> Iterator[Looped]:
    return in_processes(run_loop, loops(scenarios, families), workers, 1)
