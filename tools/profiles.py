"""The terminal profiles of data/profiles, for tests and tools; a reader brings its own in its image."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emv.profile.loader import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emv.certificates.ca_keys import CaKey
    from emv.profile import Profile

FOLDER = "data/profiles"


def france(ca_keys: Iterable[CaKey] = ()) -> Profile:
    """Runs on both runtimes, from the project's own folder."""
    with open(f"{FOLDER}/france.json") as file:
        return load(json.load(file), ca_keys)
