"""The terminal profiles of data/profiles, for tests and tools; a reader brings its own in its image."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emv.profile.check import faults
from emv.profile.loader import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emv.certificates.ca_keys import CaKey
    from emv.profile import Profile

FRANCE = "data/profiles/france.json"


def france(ca_keys: Iterable[CaKey] = ()) -> Profile:
    """Runs on both runtimes, from the project's own folder."""
    with open(FRANCE) as file:
        return load(json.load(file), ca_keys)


def faults_of_file(path: str) -> list[str]:
    """What is wrong with a profile file, a line each; what JSON itself would pass over, too. Raises OSError."""
    twice: list[str] = []

    def fields(pairs: list) -> dict:
        names = [name for name, _ in pairs]
        twice.extend(f"{name}: is there twice in one object" for name in sorted(set(names)) if names.count(name) > 1)
        return dict(pairs)

    with open(path, encoding="utf-8") as file:
        try:
            document = json.load(file, object_pairs_hook=fields)
        except ValueError as error:
            return [f"not JSON: {error}"]
    return twice + [f"{place}: {what}" for place, what in faults(document)]
