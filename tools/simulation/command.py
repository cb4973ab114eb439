"""What `zinc simulate` does and prints: failures as they come, each with how it is told again, and the count."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tools.simulation import machine
from tools.simulation.directed import directed
from tools.simulation.exhaustive import SCENARIOS, run_loops
from tools.simulation.faults import FAMILIES
from tools.simulation.longer import drain, soak
from tools.simulation.runner import Author, Run, run_all
from tools.simulation.story import draw

if TYPE_CHECKING:
    from tools.simulation.coverage import Cell

_SAY_AFTER_S = 30  # how far it is
_STORIES = 5  # that are told; of the others it is said which they are


def families_of(text: str) -> tuple[str, ...]:
    """Of "all", or names with commas between them. Raises ValueError."""
    named = FAMILIES if text == "all" else tuple(name for name in text.split(",") if name not in ("", "none"))
    unknown = [name for name in named if name not in FAMILIES]
    if unknown:
        raise ValueError(f"{unknown[0]} is none of {', '.join(FAMILIES)}")
    return named


def scenarios_of(text: str) -> list[str]:
    """Of "all", or names with commas between them. Raises ValueError."""
    named = list(SCENARIOS) if text == "all" else text.split(",")
    unknown = [name for name in named if name not in SCENARIOS]
    if unknown:
        raise ValueError(f"{unknown[0]} is none of {', '.join(SCENARIOS)}")
    return named


def simulate(
    seeds: range,
    families: tuple[str, ...],
    workers: int,
    tell: bool = False,
    coverage: bool = False,
    stop: bool = False,
    author: Author = draw,
) -> int:
    """The exit status. `stop`: at the first story that fails."""
    began = said = time.monotonic()
    count = Count()
    for run in run_all(seeds, families, workers, tell, author):
        count.add(run)
        if time.monotonic() > said + _SAY_AFTER_S:
            said = time.monotonic()
            print(f"{said - began:.0f} s: {count.seeds} of {len(seeds)} seeds, {count.failed} failed", file=sys.stderr)
        if run.heaps:
            print(f"seed {run.seed}: heap of the reader's program, night after night: {run.heaps}")
        if tell:
            print("\n".join([*run.lines, f"seed {run.seed} {run.hash}"]))
        if run.failures:
            _tell_failure(run, families, count.failed <= _STORIES and not tell)
            if stop:
                break
    agrees = not coverage or _print_coverage(count.cells)
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)
    return count.told() or int(not agrees)


def author_of(story: str, days: int, sales: int) -> Author:
    """Of "day", "directed", "drain" or "soak". Raises ValueError."""
    authors: dict[str, Author] = {
        "day": draw,
        "directed": directed,
        "drain": drain,
        "soak": partial(soak, days=days, sales=sales),
    }
    if story not in authors:
        raise ValueError(f"{story} is none of {', '.join(authors)}")
    return authors[story]


def exhaust(scenarios: Iterable[str], families: tuple[str, ...], workers: int, coverage: bool) -> int:
    """The exit status. Tells what failed, and how many places of a kind a scenario has, with how many faults there."""
    count = Count()
    sums: dict[tuple[str, str], Count] = defaultdict(Count)
    places: dict[tuple[str, str], int] = {}
    for looped in run_loops(scenarios, families, workers):
        loop, struck = looped.loop, looped.runs[:-1]
        key = (loop.scenario, loop.place)
        places[key] = max(places.get(key, 0), len(struck))
        for run in struck:
            sums[key].add(run)
            if run.failures:
                print(f"{loop.scenario}: {loop.fault} at {loop.place} {run.seed}: {run.failures}", flush=True)
        for run in looped.runs:
            count.add(run)
    for (scenario, place), number in places.items():
        found = sums[scenario, place]
        told = f"lost {found.lost} double {found.double} orphan {found.orphan}"
        print(f"{scenario}: {number} {place}s, {found.seeds} faults: {told}")
    agrees = not coverage or _print_coverage(count.cells)
    return count.told() or int(not agrees)


@dataclass
class Count:
    seeds: int = 0
    sales: int = 0
    lost: int = 0
    double: int = 0
    orphan: int = 0
    failed: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    orders: set[str] = field(default_factory=set)

    def add(self, run: Run) -> None:
        self.seeds += 1
        self.sales += run.sales
        self.lost += len(run.lost)
        self.double += len(run.double)
        self.orphan += len(run.orphan)
        self.failed += bool(run.failures)
        self.cells.update(run.cells)
        self.orders.add(run.order)

    def told(self) -> int:
        print(f"{len(self.orders)} interleavings", file=sys.stderr)
        print(f"seeds {self.seeds} sales {self.sales} lost {self.lost} double {self.double} orphan {self.orphan}")
        return 1 if self.failed else 0


def _print_coverage(cells: Counter[Cell]) -> bool:
    """Does it agree with the tables, and with what is called unreachable?"""
    machine.prepare()  # the reader's tables are of its program
    from tools.simulation.coverage import report, sort

    print("\n".join(report(cells)))
    return not sort(cells).wrong


def _tell_failure(run: Run, families: tuple[str, ...], whole: bool) -> None:
    for name in ("lost", "double", "orphan"):
        for amount_minor, what in getattr(run, name):
            print(f"seed {run.seed}: {name}: {amount_minor} {what}")
            if whole:
                print("\n".join("    " + line for line in of_payment(run.lines, amount_minor)))
    listed = "all" if families == FAMILIES else ",".join(families) or "none"
    print(f"seed {run.seed}: again by: zinc simulate --seeds 1 --first-seed {run.seed} --faults {listed} --tell")


def of_payment(lines: list[str], amount_minor: int) -> list[str]:
    """From when the merchant asked for it until the next sale was asked for; and what is said after the faults."""
    told, inside = [], False
    for line in lines:
        if "  merchant " in line:
            inside = f" {amount_minor} " in line + " " or (inside and "sale" not in line)
        inside = inside or "none from now on" in line
        if inside:
            told.append(line)
    return told
