"""Two days and their evenings, without faults, in a process of its own: the shipped reader and host on a virtual clock.

`python -m tests.simulation.evening` prints as JSON what reader, till and acquirer say in the end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from host.acquirer.model import Totals
from host.app import App
from host.ledger.model import Account, SchemeTotals
from host.telecollection import totals
from tools.simulation import runner
from tools.simulation.life import make_task
from tools.simulation.shop import CONTRACT
from tools.simulation.story import Operation, Story
from tools.simulation.virtual_time import VirtualLoop

CHIP = ("cb_visa_debit", "contact")
DAYS = (
    Operation("sale", 1, 1250, *CHIP),
    Operation("sale", 1, 2300, "visa_credit", "contactless"),
    Operation("sale", 1, 4000, *CHIP),
    Operation("void", 1, of=2),
    Operation("refund", 1, 600, *CHIP, of=0),
    Operation("evening", 1),
    Operation("sale", 1, 1300, *CHIP),
    Operation("sale", 1, 1700, *CHIP),
)
SMALL = 96 * 1024  # bytes of storage: its journal is purged in pieces of a few payments
NEWER = {"version": 2, "telecollection": {"time": "21:45", "zone": "Europe/Paris"}}


async def days() -> dict[str, Any]:
    from tools.simulation.world import World

    world = World(Story(1, (), (), DAYS, ()))
    try:
        world.bank.simulator.offer(**NEWER)
        world.reader.board.flash.size = SMALL
        verdict = await world.run()
        said = await world.till.ask(till)
        entries = world.bank.simulator.ledger().values()
        captured = sorted((entry.captured_minor, entry.captured) for entry in entries if entry.captured)
        return said | {
            "clean": verdict.clean,
            "captured": captured,
            "cancelled": sum(each.cancelled for each in entries),
        }
    finally:
        world.close()


async def till(app: App) -> dict[str, Any]:
    overview, terminal = app.telecollection.overview, app.terminal
    sent = [each for each in reversed(overview.history(CONTRACT.id)) if each.count]
    with app.database.transaction() as work:
        balances = {str(account): app.ledger.balance(work, account).amount_minor for account in Account}
    data_sets = [row for each in sent for row in overview.data_sets(each.id)]
    ids = [line.transaction_id for each in sent for line in overview.lines(each.id)]
    with app.database.transaction() as work:
        booked = app.ledger.totals_of(work, ids)
    [contract] = overview.contracts()
    return {
        "remittances": [(str(each.state), each.count, each.net_minor, bool(each.reconciled_at)) for each in sent],
        "sealed": _rows(totals.joined(row for data in data_sets for row in totals.read(data.totals))),
        "booked": _rows(booked),
        "taken": _rows(totals.joined(row for each in sent for row in overview.totals(each.id))),
        "balances": {name: minor for name, minor in balances.items() if minor},
        "alerts": [alert.kind for alert in overview.alerts(CONTRACT.id)],
        "days": [str(day.state) for row in data_sets if (day := overview.day(row.reader, row.number))],
        "in the reader": [await _known(terminal, key) for key in ids],
        "parameters": (await terminal.connect())["parameters_version"],
        "cut_off": f"{contract.cut_off:%H:%M}",
    }


def _rows(rows: Iterable[Totals | SchemeTotals]) -> list[str]:
    """What was cancelled is no line."""
    return [f"{row.brand} +{row.debit_count} {row.debit_minor} -{row.credit_count} {row.credit_minor}" for row in rows]


async def _known(terminal: Any, transaction_id: bytes) -> str:
    told = await terminal.status(transaction_id=transaction_id)
    return told.get("state", told["type"])


def main() -> None:
    runner.prepare()
    loop = VirtualLoop()
    loop.set_task_factory(make_task)
    json.dump(loop.run_until_complete(days()), sys.stdout, indent=1)
    loop.close()


if __name__ == "__main__":
    main()
