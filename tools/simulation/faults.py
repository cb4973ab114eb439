"""Where a fault can strike, which faults there are, and whether one strikes: by chance, or at the n-th place."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Protocol

# place -> family -> (how often a place is struck in a story that has the family, the faults)
FAULTS: dict[str, dict[str, tuple[float, tuple[str, ...]]]] = {
    "write": {
        "flash": (0.02, ("torn_0", "torn_1", "torn_half", "torn_less_1", "torn_all", "full")),
        "power": (0.02, ("power",)),
    },
    "frame": {
        "link": (0.03, ("lose", "duplicate", "reorder", "delay", "corrupt", "cut", "away")),
        "power": (0.01, ("power",)),
        "host": (0.01, ("kill",)),
    },
    "message": {
        "acquirer": (
            0.25,
            (
                *("unreachable", "deaf", "error", "silent", "late", "late_request", "duplicate", "cut", "slow"),
                *("error_after", "bad_xml", "bad_mac", "other_transaction"),
            ),
        ),
    },
    "apdu": {"card": (0.01, ("torn_before", "torn_after")), "power": (0.005, ("power",))},
    "batch": {"acquirer": (0.3, ("rejects_all", "rejects_some", "refuses"))},
    "totals": {"acquirer": (0.15, ("other_totals",))},
    "commit": {"host": (0.02, ("kill_before", "kill_after"))},
    "press": {
        "operator": (
            0.25,
            ("double_press", "other_till", "cancel", "late_cancel", "stop_key", "void_at_once", "collect_beside"),
        )
    },
    # between two operations
    "rest": {
        "flash": (0.02, ("rot",)),
        "clock": (0.2, ("reader_reset", "reader_back", "reader_forward", "till_back", "till_forward")),
    },
}
Tell = Callable[[str, str], None]  # who, and what
Aim = tuple[str, str, int, str]  # place, fault, at the how many-th of these places that has this in its name
FAMILIES = ("flash", "link", "acquirer", "card", "power", "host", "operator", "clock")


class Faults(Protocol):
    def at(self, place: str, what: str) -> str:
        """The fault that strikes at this place, "" for none. `what` is for whoever reads the story."""
        ...


class ByChance:
    """`often`: by how much more, or less, than FAULTS says."""

    def __init__(self, chance: Random, families: tuple[str, ...], often: float = 1) -> None:
        self._chance = chance
        self._rows = {
            place: [(often * rate, faults) for family, (rate, faults) in rows.items() if family in families]
            for place, rows in FAULTS.items()
        }

    def at(self, place: str, what: str) -> str:  # noqa: ARG002 AtPlace tells it
        for often, faults in self._rows.get(place, ()):
            if self._chance.random() < often:
                return self._chance.choice(faults)
        return ""


class AtPlace:
    """`fault` strikes once, at the n-th `place` from 1; `struck` is what was there, "" when there were not so many.

    named: of those places that have it in their name.
    """

    def __init__(self, place: str, fault: str, number: int, named: str = "") -> None:
        self.struck = ""
        self._place = place
        self._fault = fault
        self._left = number
        self._named = named

    def at(self, place: str, what: str) -> str:
        if place != self._place or self._named not in what:
            return ""
        self._left -= 1
        if self._left:
            return ""
        self.struck = what or place
        return self._fault


def family_of(place: str, fault: str) -> str:
    return next(family for family, (_, faults) in FAULTS[place].items() if fault in faults)


class Told:
    """Faults between `start` and `stop`, of which the story tells.

    `whisper` hears of each place, struck or not, `strikes` of the family of each fault. `passed` is a digest of all
    places with what was there; `order` of them without what is another in each story.
    """

    def __init__(self, faults: Faults, tell: Tell, whisper: Tell | None, strikes: Callable[[str], None]) -> None:
        self.passed = sha256()
        self.order = sha256()
        self._faults = faults
        self.on = False
        self._tell = tell
        self._whisper = whisper
        self._strikes = strikes
        self._aimed: list[AtPlace] = []

    def at(self, place: str, what: str) -> str:
        self.passed.update(f"{place} {what};".encode())
        self.order.update(f"{place} {what.rpartition(' ')[0] if place == 'frame' else what};".encode())
        fault = self._struck(place, what) or (self._faults.at(place, what) if self.on else "")
        if fault:
            self._strikes(family_of(place, fault))
            self._tell("fault", f"{fault} at {place} {what}".rstrip())
        elif self._whisper is not None:
            self._whisper("." + place, what)
        return fault

    def aim(self, aims: tuple[Aim, ...]) -> None:
        """From now on these, beside the others, and where there are none."""
        self._aimed = [AtPlace(*aim) for aim in aims]

    def _struck(self, place: str, what: str) -> str:
        return max([aimed.at(place, what) for aimed in self._aimed]) if self._aimed else ""

    def start(self) -> None:
        self.on = True

    def stop(self) -> None:
        self.on = False
        self._aimed = []
        self._tell("fault", "none from now on")
