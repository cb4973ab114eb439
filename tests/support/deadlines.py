"""Nobody waits for a test: deadlines are cut short."""

from __future__ import annotations


class Shorter:
    """Deadlines of a module, cut short for a test."""

    def __init__(self, module: object, name: str, value: int) -> None:
        self._place = (module, name, getattr(module, name))
        setattr(module, name, value)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        module, name, value = self._place
        setattr(module, name, value)
