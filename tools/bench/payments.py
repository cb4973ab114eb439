"""What a contactless payment puts on the air: ATT values both ways, framing and progress included, set-up not."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tools.bench.measure import Measure
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.demo.tapped_line import TappedLine, messages

WAITED_FOR = {"take_payment", "online_request", "online_answer", "result"}


async def measure() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder), tapped=True) as stack:
            assert isinstance(stack.line, TappedLine)
            set_up = len(stack.line.sent) + len(stack.line.received)
            payment = await sell(stack, "cb_visa_debit", "contactless")
            assert payment.approved, payment.why
            on_the_air = len(stack.line.sent) + len(stack.line.received) - set_up
            said = [message["type"] for way in (stack.line.sent, stack.line.received) for message, _ in messages(way)]
    waited_for = sum(kind in WAITED_FOR for kind in said)
    return [
        Measure("contactless payment: bytes on the air", on_the_air, "bytes", 1500),
        Measure("contactless payment: messages waited for", waited_for, "messages", 4),
    ]
