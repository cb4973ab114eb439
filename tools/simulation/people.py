"""Who stands at the counter: a cardholder who does what the screen says, and now and then something else."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from random import Random

from tools.simulation.reader import Reader
from tools.simulation.wallet import issued
from tools.simulators.card import SimulatedCard
from tools.simulators.provision import MERCHANT_CODE

_THINKS_S = (0.1, 1.5)
_AMOUNT = re.compile(r"([0-9]+)[.,]([0-9]{2})")
PRESENT = (
    "present_card",
    "insert_card",
    "present_again",
    "another_card",
    "try_again",
    "see_phone",
    "ask_chip",
    "use_chip",
)
KEYS = {"choose_application": "1", "choose_tip": "1", "confirm_tip": "OK"}
CHIP_ONLY = ("insert_card", "ask_chip", "use_chip")
ENDS = ("approved", "declined", "cancelled", "not_completed")


def amount_of(text: str) -> int | None:
    """In minor units, of what stands on a screen; None where no amount does."""
    found = _AMOUNT.search(text)
    return int(found[1] + found[2]) if found else None


@dataclass
class Card:
    name: str
    interface: str
    card: SimulatedCard


class Cardholder:
    """`card` is the one in hand; None: nobody is there. `cards`: by name, those that are in the shop already."""

    def __init__(self, chance: Random, cards: dict[str, SimulatedCard] | None = None) -> None:
        self.card: Card | None = None
        self.reader: Reader | None = None
        self.stops_at = ""  # the prompt at which CANCEL is pressed
        self._chance = chance
        self._cards = {} if cards is None else cards
        self._screen = 0

    def comes(self, name: str, interface: str) -> None:
        if name not in self._cards:
            self._cards[name] = SimulatedCard(issued()[name], random=self._chance.randbytes)
        self.card = Card(name, interface, self._cards[name])

    def leaves(self) -> None:
        self.card = None
        self.stops_at = ""
        if self.reader is not None:
            self.reader.board.slot.pull()

    def sees(self, prompt: str) -> None:
        self._screen += 1
        loop = asyncio.get_running_loop()
        loop.call_later(self._chance.uniform(*_THINKS_S), self._acts, prompt, self._screen)

    def _acts(self, prompt: str, screen: int) -> None:
        """Not when the screen has changed since."""
        if screen != self._screen or self.card is None or self.reader is None:
            return
        slot, card = self.reader.board.slot, self.card
        if prompt == self.stops_at:
            self.stops_at = ""
            self.reader.keypad.put("CANCEL")
        elif prompt in PRESENT:
            chip = prompt in CHIP_ONLY and card.card.personalisation.contact
            slot.put(card.card, "contact" if chip else card.interface)
        elif prompt == "enter_pin":
            for key in (*card.card.pin, "OK"):
                self.reader.keypad.put(key)
        elif prompt == "merchant_code":
            for key in (*MERCHANT_CODE, "OK"):
                self.reader.keypad.put(key)
        elif prompt in KEYS:
            self.reader.keypad.put(KEYS[prompt])
        elif prompt in ("remove_card", "one_card_only", "card_error", "ask_merchant", *ENDS):
            slot.pull()
