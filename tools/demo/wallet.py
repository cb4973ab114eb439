"""The cards of the demo, as the page draws them: what is printed on each, and how to make the card itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.emulator.card import Card


@dataclass(frozen=True)
class WalletCard:
    """`name` is its file in tools/simulators/cards; texts are printed as they are, never read as HTML."""

    name: str
    scheme: str
    label: str
    last4: str
    pin: str | None  # test data, so shown on the card; None: it has none to type
    contact: bool
    contactless: bool
    make: Callable[[], Card]
