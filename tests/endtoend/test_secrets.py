"""A hundred sales, then a search of all that the host holds or saw: no PAN, no track, no PIN, no way back to them."""

from __future__ import annotations

import asyncio
import logging
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.support.leak import pan_traces, pin_traces, recover_pan_from_rsa
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.demo.tapped_line import TappedLine
from tools.simulators import personalisation

SALES = 100
CARDS = [
    ("cb_visa_debit", "contact"),
    ("cb_visa_debit", "contactless"),
    ("mastercard_credit", "contact"),
    ("phone_wallet", "contactless"),
    ("declined", "contact"),
]


async def what_the_host_saw(folder: Path) -> dict[str, bytes]:
    """By name: the books, the logs, each trace, and both ways of the line."""
    seen: dict[str, bytes] = {}
    async with Stack(folder, tapped=True) as stack:
        for number, (card, interface) in enumerate(islice(cycle(CARDS), SALES)):
            payment = await sell(stack, card, interface)
            assert payment.transaction_id is not None
            seen[f"trace {number}"] = await stack.terminal.trace(payment.transaction_id)
        assert isinstance(stack.line, TappedLine)
        seen |= {"sent": bytes(stack.line.sent), "received": bytes(stack.line.received)}
    kept = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("acquirer.db")]
    return seen | {str(path.relative_to(folder)): path.read_bytes() for path in kept}


@pytest.mark.timeout(300)
@pytest.mark.covers("terminal/LAW-5", "terminal/LAW-7")
def test_a_hundred_sales_leave_no_secret_with_the_host(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for logger in ("host", "httpx", "sqlalchemy"):
        caplog.set_level(logging.DEBUG, logger)
    seen = asyncio.run(what_the_host_saw(tmp_path))
    seen["log"] = caplog.text.encode()
    assert {"zinc.db", "sent", "received", "trace 99", "reader/data.lfs", "reader/radio.log"} <= set(seen)
    cards = [personalisation.load(name) for name in sorted({name for name, _ in CARDS})]
    for name, data in seen.items():
        for card in cards:
            assert pan_traces(data, card.pan) == [], name
            assert card.pin == "" or pin_traces(data, card.pin) == [], name
        assert recover_pan_from_rsa(data) == [], name
