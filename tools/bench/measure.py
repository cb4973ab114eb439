"""A number that was measured, beside the goal it was measured for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    name: str
    value: float
    unit: str
    goal: float | None = None  # at most; None: only told

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.value <= self.goal

    def row(self) -> str:
        goal = "" if self.goal is None else f"{self.goal:g}"
        met = {True: "met", False: "SHORT", None: ""}[self.met]
        return f"{self.name:<52} {self.value:>10.4g} {self.unit:<10} {goal:>8} {met}"
