"""The France profile, for what runs from sources: data/profiles/france.json says it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emv.profile.loader import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emv.certificates.ca_keys import CaKey
    from emv.profile import Profile


def profile(ca_keys: Iterable[CaKey] = ()) -> Profile:
    with open("data/profiles/france.json") as file:
        return load(json.load(file), ca_keys)
