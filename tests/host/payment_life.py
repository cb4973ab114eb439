"""What tests of a payment's life do at a till: pay, hold, cancel, complete, refund, let time pass."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from host.app import App
from host.ledger.model import Account
from host.money import Money
from host.payment.model import Payment
from tests.host.stand_ins import ledger_balance

PRICE = Money(1250)
NOTHING = Money(0)


def pay(app: App, amount: Money = PRICE, order: str = "C1-1", **wishes: Any) -> Payment:
    return asyncio.run(app.payments.take_payment(amount, order, **wishes))


def hold(app: App, amount: Money = PRICE, order: str = "H1") -> Payment:
    return asyncio.run(app.payments.preauthorise(amount, order))


def void(app: App, payment: Payment) -> Payment:
    return asyncio.run(app.payments.void(payment.request_id))


def complete(app: App, payment: Payment, amount: Money) -> Payment:
    return asyncio.run(app.payments.complete(payment.request_id, amount))


def refund(app: App, original: Payment | None, amount: Money, order: str = "R1") -> Payment:
    transaction_id = original.transaction_id if original else None
    return asyncio.run(app.payments.refund(transaction_id, amount, order))


def run_timers(app: App, after: timedelta = timedelta()) -> int:
    app.clock.moment += after
    return asyncio.run(app.timers.run_due(app.clock.now()))


def receivable(app: App) -> Money:
    return ledger_balance(app, Account.CARD_RECEIVABLE)


def copies(app: App) -> list:
    with app.database.transaction() as work:
        return list(app.payments.copies.of_reader(work, "ZINC-0001"))
