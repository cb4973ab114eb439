"""`make demo ONCE=1`: a chip-and-PIN sale, a contactless one, a declined one, the evening; a line of JSON a step."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host.payment.model import Payment
from tools.demo import evening
from tools.demo.sale import sell
from tools.demo.stack import Stack


@dataclass(frozen=True)
class Sale:
    card: str  # a file of tools/simulators/cards
    interface: str
    amount_minor: int


SALES = (
    Sale("cb_visa_debit", "contact", 1250),
    Sale("cb_visa_debit", "contactless", 1250),
    Sale("declined", "contact", 1250),
)


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Teller:
    """Prints the steps of one sale as they happen."""

    def __init__(self, sale: int) -> None:
        self._sale = sale
        self._began = time.monotonic()

    def step(self, step: str, **facts: Any) -> None:
        say(sale=self._sale, step=step, ms=round((time.monotonic() - self._began) * 1000), **facts)

    def payment(self, payment: Payment, phase: str) -> None:
        self.step(phase, state=payment.state, transaction_id=(payment.transaction_id or b"").hex())


async def told_sale(stack: Stack, number: int, sale: Sale) -> Payment:
    """One sale from the amount to the end that the reader tells; the cardholder follows the screen."""
    teller = Teller(number)
    unlisten = stack.app.payments.listen(teller.payment)
    teller.step("requested", amount_minor=sale.amount_minor)
    try:
        return await sell(stack, sale.card, sale.interface, sale.amount_minor, teller.step)
    finally:
        unlisten()


def last_line(stack: Stack, number: int, sale: Sale, payment: Payment) -> dict[str, Any]:
    return {
        "sale": number,
        "transaction_id": (payment.transaction_id or b"").hex(),
        "interface": payment.interface or sale.interface,
        "amount_minor": payment.amount.amount_minor,
        "outcome": "approved" if payment.approved else "declined",
        "why": payment.why,
        "link": stack.link,
        "runtime": stack.runtime,
        "apdus": payment.apdus,
        "arqc_checked": bool(payment.arqc_checked),
        "ledger_entry": payment.ledger_entry,
    }


async def main() -> int:
    """0 when the sales ended as they should, two approved, one declined, and the two were collected and paid."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        note("starting reader, radio, acquirer and till")
        async with Stack(Path(folder), durable=True, acquirer=("--settle-at-once",)) as stack:
            approved = []
            for number, sale in enumerate(SALES, start=1):
                note(f"sale {number}: {sale.card}, {sale.interface}")
                payment = await told_sale(stack, number, sale)
                say(**last_line(stack, number, sale, payment))
                approved.append(payment.approved)
            note("the evening: the reader's day goes to the acquirer")
            collected = await evening.collect(stack, lambda phase, **facts: say(evening=phase, **facts))
            say(evening="collected", **collected)
    same = collected["reader"] == collected["ledger"] == collected["batch"]
    return 0 if approved == [True, True, False] and same and collected["state"] == "funded" else 1
