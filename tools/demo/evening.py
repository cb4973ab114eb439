"""An evening on the whole stack, at once: what the reader, the books, the batch and the acquirer came to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from host.acquirer.model import Totals
from host.ledger.model import SchemeTotals
from host.telecollection import totals
from host.telecollection.model import Phase, Progress
from host.telecollection.states import DayState
from tools.demo.cardholder import Told, quiet
from tools.demo.stack import Stack

DEADLINE_S = 60


async def collect(stack: Stack, told: Told = quiet) -> dict[str, Any]:
    """One remittance by hand, from the reader's seal to the notice of funds. Raises TimeoutError after a minute."""
    service, ended = stack.app.telecollection, asyncio.Event()

    def watch(remittance_id: int, progress: Progress) -> None:
        told(str(progress.phase), remittance=remittance_id)
        if progress.phase is Phase.ENDED:
            ended.set()

    unwatch = service.watch(watch)
    try:
        [contract] = service.overview.contracts()
        remittance_id = await service.collect_now(contract.id)
        async with asyncio.timeout(DEADLINE_S):
            await ended.wait()
    finally:
        unwatch()
    return _came_to(stack, remittance_id)


def _came_to(stack: Stack, remittance_id: int) -> dict[str, Any]:
    app, overview = stack.app, stack.app.telecollection.overview
    remittance = app.telecollection.remittance(remittance_id)
    rejected = len(overview.rejected(remittance.contract))
    data_sets = overview.data_sets(remittance_id)
    days = [overview.day(row.reader, row.number) for row in data_sets if row.sealed]
    lines = [line.transaction_id for line in overview.lines(remittance_id)]
    with app.database.transaction() as work:
        booked = app.ledger.totals_of(work, lines)
    return {
        "remittance": remittance.reference,
        "state": str(remittance.state),
        "reader": _told(row for day in days if day for row in totals.read(day.totals)),
        "ledger": _told(booked),
        "batch": _told(overview.totals(remittance_id)),
        "acquirer": {
            "taken": remittance.count - rejected,
            "rejected": rejected,
            "totals_agree": remittance.reconciled_at is not None,
        },
        "acknowledged": bool(days) and all(day is not None and day.state is DayState.ACKNOWLEDGED for day in days),
        "expected_on": f"{remittance.expected_on:%Y-%m-%d}" if remittance.expected_on else None,
        "funded_minor": remittance.funded_minor,
    }


def _told(rows: Iterable[Totals | SchemeTotals]) -> dict[str, dict[str, list[int]]]:
    """By scheme, of debits and credits: how many, and minor units. What was cancelled is no line."""
    return {
        row.brand: {"debits": [row.debit_count, row.debit_minor], "credits": [row.credit_count, row.credit_minor]}
        for row in rows
        if row.debit_count or row.credit_count
    }
