"""python -m tests.attacks.run C-07: one attack on the tree that it is started in; says `succeeded` or `refused`.

An attack that ends in neither way is a fault of the test: it raises, and the exit code says so.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def modules() -> dict[str, str]:
    """By row: the name of the module c07_....py that holds its `async attack(folder) -> bool`."""
    names = sorted(path.stem for path in HERE.glob("[chp][0-9][0-9]_*.py"))
    return {f"{name[0].upper()}-{name[1:3]}": name for name in names}


def main() -> None:
    attack = import_module(f"tests.attacks.{modules()[sys.argv[1]]}").attack
    with tempfile.TemporaryDirectory(prefix="zinc-") as folder:
        print("succeeded" if asyncio.run(attack(Path(folder))) else "refused")


if __name__ == "__main__":
    main()
