"""What `zinc simulate` does and prints: failures as they come, each with how it is told again, and the count."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from tools.simulation.exhaustive import run_loops
from tools.simulation.faults import FAMILIES
from tools.simulation.runner import Run, run_all

_STORIES = 5  # that are told; of the others it is said which they are


def families_of(text: str) -> tuple[str, ...]:
    """Of "all", or names with commas between them. Raises ValueError."""
    named = FAMILIES if text == "all" else tuple(name for name in text.split(",") if name not in ("", "none"))
    unknown = [name for name in named if name not in FAMILIES]
    if unknown:
        raise ValueError(f"{unknown[0]} is none of {', '.join(FAMILIES)}")
    return named


def simulate(seeds: range, families: tuple[str, ...], workers: int, tell: bool) -> int:
    """The exit status."""
    began = time.monotonic()
    counts = _told(run_all(seeds, families, workers, tell), families, tell)
    sales, lost, double, orphan = counts
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)
    print(f"seeds {len(seeds)} sales {sales} lost {lost} double {double} orphan {orphan}")
    return 1 if lost or double or orphan else 0


def exhaust(families: tuple[str, ...], workers: int) -> int:
    """The exit status. Each line: how many places of a kind a scenario has, and in how many of them the fault told."""
    runs = sales = lost = double = orphan = 0
    for looped in run_loops(families, workers):
        loop, failed = looped.loop, looped.runs
        runs, sales = runs + looped.places + 1, sales + looped.sales
        print(f"{loop.scenario}: {loop.fault} at each of {looped.places} {loop.place}s: {len(failed)} failed")
        for run in failed:
            lost, double, orphan = lost + len(run.lost), double + len(run.double), orphan + len(run.orphan)
            print(f"    at {loop.place} {run.seed}: {run.failures}")
    print(f"seeds {runs} sales {sales} lost {lost} double {double} orphan {orphan}")
    return 1 if lost or double or orphan else 0


def _told(runs: Iterable[Run], families: tuple[str, ...], tell: bool) -> tuple[int, int, int, int]:
    sales = lost = double = orphan = failed = 0
    for run in runs:
        sales, lost = sales + run.sales, lost + len(run.lost)
        double, orphan = double + len(run.double), orphan + len(run.orphan)
        if tell:
            print("\n".join([*run.lines, f"seed {run.seed} {run.hash}"]))
        if run.failures:
            failed += 1
            _tell_failure(run, families, failed <= _STORIES and not tell)
    return sales, lost, double, orphan


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
