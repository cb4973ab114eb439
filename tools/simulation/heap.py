"""How much memory the reader's program holds on to: what can be reached from it, and from nothing around it."""

from __future__ import annotations

import gc
import sys
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

_CODE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, CodeType)
_AROUND = ("tools", "asyncio", "_asyncio")  # whose objects are the machine's


def reachable_bytes(root: Any) -> int:
    """Objects of this machine are larger than those of a reader: only growth means something."""
    seen: set[int] = set()
    waiting, total = [root], 0
    while waiting:
        each = waiting.pop()
        around = type(each).__module__.partition(".")[0] in _AROUND
        if id(each) in seen or around or isinstance(each, _CODE):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        waiting += gc.get_referents(each)
    return total
