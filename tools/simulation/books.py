"""What till and acquirer say in the end, as the model asks for it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from host.app import App
from host.payment.model import Payment
from host.payment.states import UNFINISHED
from host.payment.store import payments, read_payment
from tools.simulation.model import TillLine
from tools.simulators.acquirer.simulator import AcquirerSimulator, Entry

BY_AGE = select(payments).order_by(payments.c.requested_at, payments.c.request_id)


async def till_lines(app: App) -> list[TillLine]:
    with app.database.transaction() as work:
        told = [read_payment(row) for row in work.execute(BY_AGE)]
    return [
        TillLine(payment.kind, payment.amount.amount_minor, payment.paid.amount_minor, str(payment.state))
        for payment in told
    ]


async def unfinished(app: App) -> list[Payment]:
    waiting = [str(state) for state in UNFINISHED]
    with app.database.transaction() as work:
        ids = list(work.scalars(select(payments.c.request_id).where(payments.c.state.in_(waiting))))
    return [app.payments.get(request_id) for request_id in ids]


def holds(simulator: AcquirerSimulator, ahead: timedelta = timedelta()) -> list[Entry]:
    """`ahead`: of a till's clock, at the most: what it held then it gives back so much later (faults/R-13)."""
    ledger = simulator.ledger()
    return [ledger[transaction_id] for transaction_id in simulator.orphans(ahead)]


def refusals(simulator: AcquirerSimulator) -> list[str]:
    return [row["why"] for row in simulator.store.all("SELECT why FROM authorisation WHERE response_code <> '00'")]
