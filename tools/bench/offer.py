"""From the approval to the loyalty offer on the glass: the reader's own time in units of the loop, and messages."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from tools.bench.measure import Measure
from tools.build_firmware import compile_source
from tools.demo import programme
from tools.demo.sale import sell
from tools.demo.stack import Stack
from tools.demo.tapped_line import TappedLine, messages
from tools.micropython import interpreter

ROOT = Path(__file__).parent.parent.parent
PARTS = ("emv", "protocol", "firmware")
SHOWN_S = 10.0


async def measure() -> list[Measure]:
    told = timed()
    return [
        Measure("approval to offer: own time of the reader", told["offer_us"] / told["loop_us"], "of loop"),
        Measure("approval to offer: messages", await _messages(), "messages", 1),
    ]


def timed() -> dict[str, int]:
    """What tools/bench/device/offer_path.py found; names are kept, for the till of tests/support knows them."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        for source in (path for part in PARTS for path in (ROOT / part).rglob("*.py") if "shims" not in path.parts):
            target = Path(folder) / source.relative_to(ROOT).with_suffix(".mpy")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(compile_source(source))
        command = [interpreter() or "", "-X", "heapsize=8M", "tools/bench/device/offer_path.py", folder]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout)


async def _messages() -> int:
    """What the till said after it had the result."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder), tapped=True) as stack:
            assert isinstance(stack.line, TappedLine)
            programme.publish(stack.app)
            payment = await sell(stack, "cb_visa_debit", "contactless")
            assert payment.approved, payment.why
            await stack.reader.shows("loyalty_offer", SHOWN_S)
            said = [message["type"] for message, _ in messages(stack.line.sent)]
    return len(said) - 1 - said.index("online_answer")
