"""Code that is only needed for a while: loaded when it is asked for, forgotten afterwards, for it is most of the heap.

What is imported after an Overlay was made is its own, and `release` forgets it. Nothing that stays may refer to it.
"""

from __future__ import annotations

import sys

_OURS = ("emv.", "firmware.", "protocol.")


class Overlay:
    def __init__(self) -> None:
        self._resident = {name for name in sys.modules if name.startswith(_OURS)}

    def release(self) -> None:
        for name in list(sys.modules):
            if name not in self._resident and name.startswith(_OURS):
                _forget(name)


def _forget(name: str) -> None:
    del sys.modules[name]
    package, _, module = name.rpartition(".")
    if hasattr(sys.modules.get(package), module):  # the package refers to it too
        delattr(sys.modules[package], module)
