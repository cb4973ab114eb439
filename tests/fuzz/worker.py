"""Drives cards by their seeds, a line each; runs on both runtimes, started by tests/fuzz/__main__.py.

A line is: seed, milliseconds, bytes that the heap has grown by (0 on CPython), outcomes, rules seen for the first time;
then the digest where it is asked for. A card at which the kernel raises is `crash`, with what was raised.
"""

from __future__ import annotations

import gc
import sys
import time
from hashlib import sha256
from typing import TYPE_CHECKING

from emv.kernel import flow, refund
from tests.fuzz import drive

if TYPE_CHECKING:
    from collections.abc import Iterable

_allocated = getattr(gc, "mem_alloc", None)


def main(first: int, count: int, digests: bool, paths: list[str]) -> None:
    load_all()
    seen: set[str] = set()
    print("ready")
    for seed in range(first, first + count):
        before = heap()
        line = card(seed, paths, seen, digests)
        print(seed, max(0, heap() - before), line)
        if hasattr(sys.stdout, "flush"):
            sys.stdout.flush()


def card(seed: int, paths: list[str], seen: set[str], digests: bool) -> str:
    started = milliseconds()
    try:
        done = drive.run(seed, paths)
    except Exception as fault:  # noqa: BLE001  whatever it raises is what we look for
        return f"{milliseconds() - started} crash {type(fault).__name__} {fault} -"
    took = milliseconds() - started
    new = [rule for rule in done.rules() if rule not in seen]
    seen.update(new)
    digest = sha256(done.text().encode()).digest()[:8].hex() if digests else "-"
    return f"{took} {'+'.join(done.names)} {digest} {','.join(sorted(set(new))) or '-'}"


def load_all() -> None:
    """Code that is loaded later would look like a heap that grows."""
    from emv import cap

    tables: Iterable = [flow.CONTACT, refund.TABLE, cap.TABLE, flow.ENTRY_POINT and {"contactless.entry_point": {}}]
    for table in list(tables) + [table for _, table in flow.KERNELS.values()]:
        for step in table:
            flow.load(step)
    import emv.certificates.keys
    import emv.contactless.kernel_c2_outcome
    import emv.kernel.brand_consistency  # noqa: F401


def heap() -> int:
    if _allocated is None:
        return 0
    gc.collect()
    return _allocated()


def milliseconds() -> int:
    return time.time_ns() // 1000000
