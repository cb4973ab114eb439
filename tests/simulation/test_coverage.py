"""State x event x fault: each cell of the tables is reached, or a rule says truly why not."""

from __future__ import annotations

import re
from collections import Counter

from tests.simulation.simulate import simulate
from tools.simulation.coverage import COLUMNS, TABLES, cells, report, sort
from tools.simulation.unreachable import RULES, reason

A_MOVE = ("payment", "requested", "in_progress", "none")


def test_a_rule_is_about_a_move_of_the_tables() -> None:
    for rule in RULES:
        assert rule.end in TABLES[rule.table][rule.start], rule
        assert set(rule.families) <= set(COLUMNS) and rule.reason, rule


def test_no_cell_has_two_reasons() -> None:
    assert [cell for cell in cells() if sum(rule.excuses(cell) for rule in RULES) > 1] == []


def test_a_cell_is_reached_or_unreachable_or_missing() -> None:
    found = sort(Counter({A_MOVE: 3}))
    assert found.reached == [A_MOVE] and found.wrong == []
    excused = [cell for some in found.unreachable.values() for cell in some]
    assert sorted([*found.reached, *excused, *found.missing]) == sorted(cells())
    assert all(map(reason, excused)) and not any(map(reason, found.missing))


def test_what_is_reached_although_it_cannot_be_is_told() -> None:
    excused = next(filter(reason, cells()))
    in_no_table = ("payment", "cancelled", "authorising", "operator")
    new, saved_again = ("payment", "", "requested", "none"), ("remittance", "funded", "funded", "none")
    counted = Counter([A_MOVE, excused, in_no_table, new, saved_again])
    assert sort(counted).wrong == [excused, in_no_table]
    assert "reached, and called unreachable: payment: cancelled > authorising, operator" in report(counted)


def test_directed_stories_agree_with_the_tables() -> None:
    """A sample of `zinc simulate --story directed --seeds 4400 --coverage`."""
    status, said = simulate("--story", "directed", "--seeds", "12", "--coverage", "--workers", "1")
    counts = re.search(r"^(\d+) cells: (\d+) reached, (\d+) unreachable, (\d+) not reached$", said, re.MULTILINE)
    assert counts, said
    whole, *parts = map(int, counts.groups())
    assert whole == sum(parts) and parts[0] > 30
    assert status == 0, said
