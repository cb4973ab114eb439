"""From the approval to the loyalty offer on the glass: the reader's own time in units of the loop, and messages; and
from there to the member, with keys that are pressed as soon as a screen asks for them."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
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
JOINING = (("enter_mobile", "0612345678"), ("loyalty_conditions", ""), ("ask_sms", ""))  # a screen, digits; then OK


async def measure() -> list[Measure]:
    told = timed()
    told_messages, enrolment_s = await _joins()
    return [
        Measure("approval to offer: own time of the reader", told["offer_us"] / told["loop_us"], "of loop"),
        Measure("approval to offer: messages", told_messages, "messages", 1),
        Measure("offer to member, on the keypad", enrolment_s, "s", 20),
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


async def _joins() -> tuple[int, float]:
    """What the till said after it had the result, and the seconds that joining took."""
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder), tapped=True) as stack:
            assert isinstance(stack.line, TappedLine)
            programme.publish(stack.app)
            payment = await sell(stack, "cb_visa_debit", "contactless")
            assert payment.approved, payment.why
            await stack.reader.shows("loyalty_offer", SHOWN_S)
            said = [message["type"] for message, _ in messages(stack.line.sent)]
            began = time.monotonic()
            await stack.reader.press("OK")
            for screen, digits in JOINING:
                await stack.reader.shows(screen, SHOWN_S)
                await stack.reader.press(*digits, "OK")
            await stack.reader.shows("loyalty_joined", SHOWN_S)
            return len(said) - 1 - said.index("online_answer"), time.monotonic() - began
