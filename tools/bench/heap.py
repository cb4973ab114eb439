"""The reader's heap over 200 sales: is it flat when idle, and how small may it be."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tools.bench.measure import Measure
from tools.demo.sale import sell
from tools.demo.stack import Stack

SALES = 200
INTERFACES = ("contact", "contactless")
STEP_K = 16
LARGEST_K = 256


async def sales(heap_k: int) -> tuple[list[int], int]:
    """Bytes used when idle, after each tenth of the sales, and the peak. Raises when a sale fails."""
    used = []
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder), heap=f"{heap_k}k") as stack:
            for number in range(SALES):
                payment = await sell(stack, "cb_visa_debit", INTERFACES[number % 2])
                if not payment.approved:
                    raise RuntimeError(f"sale {number} ended {payment.why} with a heap of {heap_k}k")
                if number % (SALES // 10) == SALES // 10 - 1:
                    await stack.reader.shows("idle")
                    used.append((await stack.reader.heap())["used"])
            await stack.reader.heap(watch=True)
            await sell(stack, "cb_visa_debit", "contact")
            return used, (await stack.reader.heap())["peak"]


async def smallest() -> int:
    """The smallest heap in k, in steps of 16k, in which all sales pass."""
    passed = LARGEST_K
    for heap_k in range(LARGEST_K - STEP_K, 0, -STEP_K):
        try:
            await sales(heap_k)
        except Exception as error:  # noqa: BLE001  whatever a heap that is too small breaks
            print(f"heap of {heap_k}k: {type(error).__name__}")
            break
        passed = heap_k
    return passed


async def measure() -> list[Measure]:
    used, peak = await sales(LARGEST_K)
    return [
        Measure("heap when idle, after 200 sales", used[-1], "bytes"),
        Measure("heap when idle: growth over 200 sales", max(used[1:]) - min(used[1:]), "bytes", 1024),
        Measure("heap: the most that lived in a sale", peak, "bytes"),
        Measure("smallest heap that passes 200 sales", await smallest(), "k", 192),
    ]
