"""The pictures of docs/states show their tables whole; that they are fresh is a check of its own (`--check`)."""

from __future__ import annotations

import pytest

from emv.kernel import flow
from emv.outcome import NAMES
from emv.transaction import Request, Transaction
from tools import draw_states, profiles


def moves(page: str) -> list[tuple[str, str]]:
    """But for the ends of the outcomes, which no table names."""
    arrows = [line.split(":")[0].split(" --> ") for line in page.splitlines() if " --> " in line]
    return [(start.strip(), end) for start, end in arrows if end != "[*]"]


def test_a_chip_leads_from_its_first_step_to_outcomes() -> None:
    transaction = Transaction(profiles.france(), Request(1250, (2026, 11, 21, 12, 0, 0)), bytes)
    flow.begin(transaction)
    _leads_to_outcomes(moves(draw_states.contact()), transaction.step, flow.CONTACT, set(NAMES))


@pytest.mark.parametrize("number", flow.KERNELS)
def test_a_kernel_leads_from_its_first_step_to_outcomes(number: int) -> None:
    first, table = flow.KERNELS[number]
    _leads_to_outcomes(moves(draw_states.kernel(number)), first, table, {*NAMES, "entry_point"})
    assert draw_states.kernel(number) in [draw() for draw in draw_states.DRAWINGS.values()]


def test_the_entry_point_leads_to_each_kernel() -> None:
    ends = {end for start, end in moves(draw_states.contactless()) if start == "entry_point"}
    firsts = {first.rpartition(".")[2] for first, _ in flow.KERNELS.values()}
    assert ends == firsts | {end for end in flow.ENTRY_POINT.values() if end}


def test_every_outcome_ends_the_picture() -> None:
    page = draw_states.contact()
    ended = {line.split(" --> ")[0].strip() for line in page.splitlines() if line.endswith("--> [*]")}
    assert ended == {end for _, end in moves(page)} & set(NAMES)


def _leads_to_outcomes(drawn: list[tuple[str, str]], first: str, table: dict, allowed: set[str]) -> None:
    assert len(drawn) == 1 + sum(len(results) for results in table.values())
    assert drawn[0] == ("[*]", first.rpartition(".")[2])
    starts = {start for start, _ in drawn}
    ends = {end for _, end in drawn}
    assert ends - starts <= allowed
    assert starts - {"[*]"} <= ends, "every step is reached"


def test_every_page_is_drawn_from_the_table_that_it_names() -> None:
    for draw in draw_states.DRAWINGS.values():
        page = draw()
        (source,) = [line.split("`")[1] for line in page.splitlines() if line.startswith("Drawn from")]
        assert (draw_states.ROOT / source).exists()
        assert moves(page)
