"""After a run, a table: each attack, on the weakened tree and on the product."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    found = [value for report in reports for name, value in report.user_properties if name == "attack"]
    if found:
        terminalreporter.line("attack  weakened tree      product")
    for row, weak, product in sorted(found):
        terminalreporter.line(f"{row}    attack {weak:<10}  attack {product}")
