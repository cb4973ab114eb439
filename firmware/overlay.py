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
        """Needs no memory to speak of, since it is called for want of it."""
        name = self._own()
        while name:
            _forget(name)
            name = self._own()

    def _own(self) -> str:
        """Of the modules that were loaded since the longest name: what is in a package goes before the package."""
        longest = ""
        for name in sys.modules:
            if len(name) > len(longest) and name.startswith(_OURS) and name not in self._resident:
                longest = name
        return longest


def _forget(name: str) -> None:
    del sys.modules[name]
    package, _, module = name.rpartition(".")
    if hasattr(sys.modules.get(package), module):  # the package refers to it too
        delattr(sys.modules[package], module)
