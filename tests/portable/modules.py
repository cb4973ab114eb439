"""A reader forgets code that it needs no more (firmware/overlay.py); the next test finds the modules as they were."""

import sys

OURS = ("emv.", "firmware.", "protocol.")


def loaded() -> dict:
    return {name: module for name, module in sys.modules.items() if name.startswith(OURS)}


def restore(before: dict) -> None:
    """Put back what was forgotten, forget what was loaded since: it may refer to second copies."""
    if "emv.kernel.flow" in before:
        before["emv.kernel.flow"].release()  # it holds steps, too
    for name in loaded():
        if name not in before:
            del sys.modules[name]
            package, _, module = name.rpartition(".")
            if hasattr(sys.modules.get(package), module):
                delattr(sys.modules[package], module)
    for name, kept in before.items():
        sys.modules[name] = kept
    for name, kept in before.items():
        package, _, module = name.rpartition(".")
        setattr(sys.modules[package], module, kept)
