"""The machine under the firmware: MicroPython's modules, and none of what only a small heap needs.

A reader forgets its code and collects garbage many times in a payment (firmware/overlay.py). This machine says that no
module of its own is loaded, so that none is forgotten, and that there is no garbage.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = ("emv", "protocol", "firmware")
ROOT = Path(__file__).parent.parent.parent


@cache
def prepare() -> None:
    """Load the firmware, all of it, as it would be on such a machine."""
    sys.path.insert(0, str(Path(__file__).parent / "stand_ins"))
    sys.path.append(str(ROOT / "boards" / "emulator" / "cpython"))
    for name in ("framebuf", "cryptolib", "micropython"):
        importlib.import_module(name)
    real = {name: sys.modules[name] for name in ("sys", "gc")}
    sys.modules.update(sys=_with(modules={}), gc=_with(collect=int))
    try:
        for package in PACKAGES:
            for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
                if ".shims" not in module.name:
                    importlib.import_module(module.name)
    finally:
        sys.modules.update(real)
    _write_plainly()
    asyncio.wait_for = _wait_for
    contract = vars(importlib.import_module("firmware.contract"))
    contract["is_good"] = cache(contract["is_good"])  # the signature, checked at each start of a reader


async def _wait_for(awaitable: Any, timeout: float | None) -> Any:
    """As CPython 3.12 has it, without a task for each wait: waiting is most of what a till and a reader do. As
    asyncio.timeout does it, without what else that one can."""
    async with asyncio.timeout(timeout):
        return await awaitable


def _write_plainly() -> None:
    """The display is given each text as it is: no letter is measured, fetched or drawn."""
    canvas = importlib.import_module("firmware.screens.canvas").Canvas
    canvas.text = lambda self, _x, _y, text, *_, **__: self._display.texts.append(text)
    canvas.width = lambda *_, **__: 0
    canvas.icon = lambda *_, **__: None


def _with(**attributes: object) -> ModuleType:
    module = ModuleType("stand_in")
    vars(module).update(attributes)
    return module
