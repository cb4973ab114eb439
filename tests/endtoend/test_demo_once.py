"""`make demo ONCE=1` as whoever reads its output sees it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

KEYS = {
    "sale",
    "transaction_id",
    "interface",
    "amount_minor",
    "outcome",
    "why",
    "link",
    "runtime",
    "apdus",
    "arqc_checked",
    "ledger_entry",
}


@pytest.mark.covers("terminal/T-R30")
def test_three_sales_a_line_of_json_each_step() -> None:
    command = [sys.executable, "-m", "tools.zinc", "demo", "--once"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    ends = [line for line in lines if "outcome" in line]
    assert all(set(end) == KEYS for end in ends)
    assert [(end["sale"], end["interface"], end["outcome"]) for end in ends] == [
        (1, "contact", "approved"),
        (2, "contactless", "approved"),
        (3, "contact", "declined"),
    ]
    assert [end["arqc_checked"] for end in ends[:2]] == [True, True]
    assert [end["ledger_entry"] is not None for end in ends] == [True, True, False]
    assert {(end["link"], end["runtime"]) for end in ends} == {("ble", "micropython")}
    assert len(lines) > len(ends)
