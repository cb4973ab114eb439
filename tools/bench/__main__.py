"""`make bench`: measures what has a goal; a table on the screen, bench.json for machines. Never a test."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tools.bench import (
    batch,
    demo_time,
    heap,
    host_share,
    kernel_paths,
    loyalty,
    merchants,
    messages,
    offer,
    package_size,
    payments,
    reading,
    round_trip,
    telecollection,
)
from tools.bench.measure import Measure
from tools.micropython import interpreter

MEASUREMENTS = {
    "kernel": kernel_paths.measure,
    "reading": reading.measure,
    "package": package_size.measure,
    "round_trip": round_trip.measure,
    "payments": payments.measure,
    "host_share": host_share.measure,
    "batch": batch.measure,
    "telecollection": telecollection.measure,
    "merchants": merchants.measure,
    "messages": messages.measure,
    "loyalty": loyalty.measure,
    "offer": offer.measure,
    "heap": heap.measure,
    "demo": demo_time.measure,
}
LONG = {  # minutes: only when asked for, as in `python -m tools.bench telecollection_long`
    "telecollection_long": telecollection.measure_long,
    "merchants_long": merchants.measure_long,
    "messages_long": messages.measure_long,
    "loyalty_long": loyalty.measure_long,
}


def main(names: list[str]) -> int:
    """`names` limits it to some of MEASUREMENTS and LONG."""
    if interpreter() is None:
        print("no MicroPython wheel for this machine: the reader can't be measured here")
        return 1
    measures: list[Measure] = []
    for name, measure in (MEASUREMENTS | LONG).items():
        if name in (names or MEASUREMENTS):
            print(f"measuring {name}", file=sys.stderr, flush=True)
            measures += asyncio.run(measure())
    print(f"{'what':<52} {'value':>10} {'unit':<10} {'goal':>8}")
    for measure in measures:
        print(measure.row())
    table = {m.name: {"value": m.value, "unit": m.unit, "goal": m.goal, "met": m.met} for m in measures}
    Path("bench.json").write_text(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
