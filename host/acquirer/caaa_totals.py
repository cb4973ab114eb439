"""Totals of a batch and of a reconciliation (TxTtls): three elements a row, of debits, credits and cancelled debits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from host.acquirer import caaa_elements as caaa
from host.acquirer.caaa import decimal, money
from host.acquirer.model import Totals
from host.money import CURRENCIES, EUR, Money

SIDES = {"DEBT": "debit", "CRDT": "credit", "DBTR": "cancellation"}
NOTHING = caaa.TransactionTotals(currency=EUR.code, type="DEBT", count=0, sum=decimal(Money(0)))


def write_totals(totals: Iterable[Totals]) -> list[caaa.TransactionTotals]:
    """Sides of which there is nothing are left out; nothing at all is one of 0, for the standard wants one."""
    rows = [_row(row, code, side) for row in totals for code, side in SIDES.items() if getattr(row, f"{side}_count")]
    return rows or [NOTHING]


def read_totals(rows: Iterable[Any]) -> tuple[Totals, ...]:
    """In the order in which the rows first came. Raises ValueError or KeyError."""
    totals: dict[tuple[str, bytes, str], Totals] = {}
    for row in rows:
        if not row.count:
            continue
        key = (row.brand or "none", bytes.fromhex(row.application or ""), row.currency)
        side, total = SIDES[row.type], totals.get(key, Totals(*key))
        facts = {f"{side}_count": int(row.count), f"{side}_minor": money(row.currency, row.sum).amount_minor}
        totals[key] = replace(total, **facts)
    return tuple(totals.values())


def _row(total: Totals, code: str, side: str) -> caaa.TransactionTotals:
    amount = Money(getattr(total, f"{side}_minor"), CURRENCIES[total.currency])
    return caaa.TransactionTotals(
        total.brand, total.aid.hex() or None, total.currency, code, getattr(total, f"{side}_count"), decimal(amount)
    )
