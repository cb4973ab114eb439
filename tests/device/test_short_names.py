"""Short names: what a module keeps to itself is shortened, what others or the runtime may ask for stays."""

from __future__ import annotations

from tools.short_names import public_names, shorten

SOURCE = """
import asyncio

_LIMIT = 3
STEP = 4


class Counter:
    def __init__(self, start, limit):
        self._count = start
        self.limit = limit

    def _next(self):
        return f"{self._count}"  # nothing in a string is touched


def count(first):
    return Counter(start=first, limit=_LIMIT * STEP)
"""


def test_private_names_and_parameters_are_shortened() -> None:
    shortened = shorten(SOURCE, public_names([SOURCE]))
    assert "_LIMIT" not in shortened
    assert "first" not in shortened
    assert "_next" not in shortened
    assert shortened.count("\n") == SOURCE.count("\n")


def test_what_is_said_to_others_stays() -> None:
    shortened = shorten(SOURCE, public_names([SOURCE]))
    for word in ("asyncio", "STEP", "class Counter", "def __init__", "self.limit", "start=", "def count"):
        assert word in shortened, word


def test_it_still_runs() -> None:
    names: dict = {}
    exec(shorten(SOURCE, public_names([SOURCE])), names)
    assert names["count"](7).limit == 12
