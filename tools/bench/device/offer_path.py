"""Under MicroPython: the reader from the news that its approved sale is stored to the loyalty offer on its glass.

Argument: the folder of the firmware's compiled files. The till and the board are those of tests/support, whose own time
is in the figure; how long the sale's end is shown is a clock's that they set. Prints one JSON object; the unit is the
loop of unit.py.
"""

import sys

sys.path[:] = ["firmware/shims", sys.argv[1], ".", "boards/emulator", ".frozen"]

import asyncio  # noqa: E402  the path comes first
import json  # noqa: E402
import time  # noqa: E402

from firmware.screens.canvas import Canvas  # noqa: E402
from tests.portable.test_flow_loyalty import OFFER, Bench  # noqa: E402
from tests.support.life import recording  # noqa: E402
from tools.bench.device.unit import loop_us  # noqa: E402

RUNS = 20


async def offer_us() -> int:
    """From `kept` on: the end of the sale is drawn, then the offer, whose code is loaded for it."""
    async with Bench() as bench:
        result = await recording(bench)
        Canvas._glyph = bench._glyph  # texts are drawn, as they are on a board
        bench.board.card_reader.pull()
        kept = dict(OFFER, type="kept", transaction_id=result["transaction_id"])
        started = time.ticks_us()
        await bench.say(kept)
        await bench.board.display.until("approved")
        await bench.rests()
        await bench.board.display.until("loyalty_offer")
        return time.ticks_diff(time.ticks_us(), started)


runs = sorted([asyncio.run(offer_us()) for _ in range(RUNS)])
print(json.dumps({"loop_us": loop_us(), "offer_us": runs[RUNS // 2]}))
