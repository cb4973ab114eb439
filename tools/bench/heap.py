"""The reader's heap over 200 sales: is it flat when idle, and how small may it be."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.bench.measure import Measure
from tools.demo.sale import sell
from tools.demo.stack import Stack

SALES = 200
KINDS = (  # card, interface, how it is told
    ("cb_visa_debit", "contact", "contact"),
    ("cb_visa_debit", "contactless", "kernel CB"),
    ("mastercard_credit", "contactless", "kernel 2"),
    ("phone_wallet", "contactless", "kernel 3"),
)
# The telephone twice: cards that tap often come to a PIN, and the reader takes 120 PINs an hour (attacks/C-15, C-17).
SOLD = (*KINDS, KINDS[3])
STEP_K = 16
SMALLEST_K, LARGEST_K = 192, 320


async def sell_all(stack: Stack, heap_k: int) -> list[int]:
    """Bytes used at rest, after each fifth of the sales. Raises when a sale is not approved."""
    used = []
    for number in range(1, SALES + 1):
        card, interface, _ = SOLD[number % len(SOLD)]
        payment = await sell(stack, card, interface)
        if not payment.approved:
            raise RuntimeError(f"sale {number} ended {payment.why} with a heap of {heap_k}k")
        if number % (SALES // 5) == 0:
            await stack.reader.shows("idle", 15)  # the end of a sale stays on the glass for a while
            used.append((await stack.reader.heap())["used"])
    return used


async def smallest() -> int:
    """The smallest heap in k, in steps of 16k, in which all sales pass; halved for, since each try takes its time."""
    fails, passes = SMALLEST_K - STEP_K, LARGEST_K
    while passes - fails > STEP_K:
        heap_k = (fails + passes) // 2 // STEP_K * STEP_K
        if await pass_in(heap_k):
            passes = heap_k
        else:
            fails = heap_k
    return passes


async def pass_in(heap_k: int) -> bool:
    try:
        with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
            async with Stack(Path(folder), heap=f"{heap_k}k") as stack:
                await sell_all(stack, heap_k)
    except Exception as error:  # noqa: BLE001  whatever a heap that is too small breaks
        print(f"heap of {heap_k}k: {type(error).__name__} {str(error).splitlines()[:1]}", file=sys.stderr)
        return False
    return True


async def measure() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        async with Stack(Path(folder)) as stack:
            used = await sell_all(stack, LARGEST_K)
            peaks = [await peak(stack, card, interface) for card, interface, _ in KINDS]
    return [
        Measure("heap at rest, after 200 sales", used[-1], "bytes"),
        Measure("heap at rest: growth over 160 sales", max(used) - used[0], "bytes", 1024),
        *(
            Measure(f"heap: the most that lived in a sale, {name}", bytes_, "bytes")
            for (_, _, name), bytes_ in zip(KINDS, peaks, strict=True)
        ),
        Measure("smallest heap that passes 200 sales", await smallest(), "k", 192),
    ]


async def peak(stack: Stack, card: str, interface: str) -> int:
    """The most that lived at a picture or an APDU of one sale."""
    await stack.reader.heap(watch=True)
    await sell(stack, card, interface)
    return (await stack.reader.heap())["peak"]
