"""What `emv` weighs: bytes of bytecode, and the heap that it takes loaded, by the kernels that one loads."""

from __future__ import annotations

import subprocess
from pathlib import Path

from emv.kernel import flow
from tools import build_firmware
from tools.bench.measure import Measure
from tools.micropython import interpreter

ROOT = Path(__file__).parent.parent.parent
SCRIPT = "tools/bench/device/package_heap.py"
RESIDENT = ("emv.transaction", "emv.kernel.flow", "emv.profile")
MOST_BYTES = 100_000  # with one contactless kernel


def steps(kernel: int | None) -> list[str]:
    """The steps of a kernel, entry point and all; None: of contact."""
    if kernel is None:
        return ["emv." + step for step in flow.CONTACT]
    return ["emv.contactless.entry_point", *("emv." + step for step in flow.KERNELS[kernel][1])]


def heap_of(files: Path, modules: list[str]) -> int:
    """Bytes, each measurement in a process of its own."""
    command = [interpreter() or "", "-X", "heapsize=1M", SCRIPT, str(files), *RESIDENT, *modules]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return int(done.stdout)


async def measure() -> list[Measure]:
    build_firmware.build("emulator")
    files = build_firmware.BUILD / "emulator" / "files"
    measures = [
        Measure("emv: bytecode", sum(path.stat().st_size for path in (files / "emv").rglob("*.mpy")), "bytes"),
        Measure("emv: heap, no kernel loaded", heap_of(files, []), "bytes"),
    ]
    for kernel in sorted(flow.KERNELS):
        measures.append(
            Measure(f"emv: heap, kernel {kernel} loaded", heap_of(files, steps(kernel)), "bytes", MOST_BYTES)
        )
    contact = heap_of(files, steps(None))
    measures.append(Measure("emv: heap, every step of contact at once", contact, "bytes", MOST_BYTES))
    return measures
