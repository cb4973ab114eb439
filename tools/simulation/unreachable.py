"""Cells of the coverage that no story can reach, and why: moves that a table allows, and nothing in a shop makes.

A rule that a story contradicts is wrong: `zinc simulate --coverage` says so, and fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.simulation.coverage import Cell

ALL = ()


@dataclass(frozen=True)
class Rule:
    """families: of faults, with "none" for no fault; ALL of them."""

    table: str
    start: str
    end: str
    families: tuple[str, ...]
    reason: str

    def excuses(self, cell: Cell) -> bool:
        return cell[:3] == (self.table, self.start, self.end) and (self.families == ALL or cell[3] in self.families)


_ASKED_FIRST = "the acquirer alone approves what is held: AUTHORISING is stored before it is asked"
_COMMITTED = "after GENERATE AC the reader hears of no cancellation: it says approved or declined"
_RESTORED = "only a till whose database was put back from a backup meets what its reader has cancelled since"
RULES = (
    Rule("payment", "requested", "authorised", ALL, _ASKED_FIRST),
    Rule("payment", "in_progress", "authorised", ALL, _ASKED_FIRST),
    Rule("payment", "authorising", "cancelled", ALL, _COMMITTED),
    Rule("payment", "unknown", "voided", ALL, _RESTORED),
)


def reason(cell: Cell) -> str:
    """Why it cannot be reached; "" where it can."""
    return next((rule.reason for rule in RULES if rule.excuses(cell)), "")
