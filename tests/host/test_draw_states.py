"""The pictures of docs/states show their tables whole; that they are fresh is a check of its own (`--check`)."""

from __future__ import annotations

import pytest

from emv.kernel import flow
from emv.outcome import NAMES
from emv.profile import france
from emv.transaction import Request, Transaction
from tools import draw_states


def moves(page: str) -> list[tuple[str, str]]:
    arrows = [line.split(":")[0].split(" --> ") for line in page.splitlines() if " --> " in line]
    return [(start.strip(), end) for start, end in arrows]


@pytest.mark.parametrize(
    ("draw", "begin", "table"),
    [
        (draw_states.contact, flow.begin, flow.CONTACT),
        (draw_states.contactless, flow.begin_contactless, flow.CONTACTLESS),
    ],
    ids=["contact", "contactless"],
)
def test_a_transaction_leads_from_its_first_step_to_outcomes(draw, begin, table) -> None:
    drawn = moves(draw())
    assert len(drawn) == 1 + sum(len(results) for results in table.values())
    transaction = Transaction(france.profile(), Request(1250, (2026, 11, 21, 12, 0, 0)), bytes)
    begin(transaction)
    assert drawn[0] == ("[*]", transaction.step.rpartition(".")[2])
    starts = {start for start, _ in drawn}
    ends = {end for _, end in drawn} - starts
    assert ends <= set(NAMES)
    assert starts - {"[*]"} <= {end for _, end in drawn}, "every step is reached"


def test_every_page_is_drawn_from_the_table_that_it_names() -> None:
    for draw in draw_states.DRAWINGS.values():
        page = draw()
        (source,) = [line.split("`")[1] for line in page.splitlines() if line.startswith("Drawn from")]
        assert (draw_states.ROOT / source).exists()
        assert moves(page)
