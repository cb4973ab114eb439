"""A board in memory: each driver does what the test says, and remembers what the firmware did with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from boards.parts.key_queue import KeyQueue
from firmware.checked import checked
from firmware.errors import CardRemoved, CardSilent
from firmware.secure import dukpt
from firmware.secure.key_files import ACQUIRER_KEY, TEST_KEYS
from tests.support.contracts import modulus
from tests.support.fake_storage import FakeStorage

if TYPE_CHECKING:
    from typing import Any

FONT = "firmware/screens/generated/font.bin"
KEY_ID = b"ZINCTEST"
DEADLINE_S = 30  # of a test that waits for something

REMOVED = object()  # responses of a scripted card
SILENT = object()


def keyed_files() -> dict:
    """Storage of a reader that has the font and test keys."""
    registers = b""
    for bit in range(32):
        registers += dukpt.derive(bytes(16), dukpt.KEY_DERIVATION, KEY_ID, 1 << bit)
    with open(FONT, "rb") as file:
        font = file.read()
    return {
        "font.bin": font,
        "dukpt": checked(KEY_ID + b"\0\0\0\1" + registers),
        "keys": TEST_KEYS + b"\x01" + bytes(32),
        ACQUIRER_KEY: TEST_KEYS + modulus(),
    }


class FakeDisplay:
    """shown: the prompts, in order."""

    def __init__(self) -> None:
        self.buffer = bytearray(240 * 320 // 2)
        self.shown: list[str] = []
        self._seen = 0
        self._changed = asyncio.Event()

    def show(self, prompt: str) -> None:
        self.shown.append(prompt)
        self._changed.set()

    async def until(self, prompt: str) -> None:
        """Wait until `prompt` is shown, later than what was waited for before."""
        while prompt not in self.shown[self._seen :]:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), DEADLINE_S)
        self._seen += self.shown[self._seen :].index(prompt) + 1


class FakeKeypad(KeyQueue):
    def press(self, *keys: str) -> None:
        for key in keys:
            self.put(key)


class FakeCardReader:
    """Plays cards: a card is a list of (expected command, response, REMOVED or SILENT), or a function of the command.

    A command that the script does not list next stops the test. armed: (contact, contactless) at each `arm`.
    """

    def __init__(self) -> None:
        self.armed: list[tuple[bool, bool]] = []
        self._open = (False, False)
        self._interface = ""
        self._given = False  # by `present`, and there since
        self._script: list[tuple] = []
        self._card = None
        self._changed = asyncio.Event()

    def put(self, interface: str, card: Any) -> None:
        """Insert or tap a card; the one before is gone."""
        self._interface = interface
        self._given = False
        self._script, self._card = (list(card), None) if isinstance(card, list) else ([], card)
        self._changed.set()

    def pull(self) -> None:
        self._interface = ""
        self._given = False
        self._changed.set()

    def arm(self, contact: bool, contactless: bool) -> None:
        self._open = (contact, contactless)
        self.armed.append(self._open)
        self._changed.set()

    async def present(self) -> str:
        while not self._is_open():
            await self._change()
        self._given = True
        return self._interface

    def _is_open(self) -> bool:
        if self._interface == "several":
            return True
        return (self._interface == "contact" and self._open[0]) or (self._interface == "contactless" and self._open[1])

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        if not self._interface:
            raise CardRemoved()
        if self._card is not None:
            response = self._card(command)
        else:
            expected, response = self._script.pop(0)
            assert bytes(command) == expected, bytes(command).hex()
        if response is REMOVED:
            self.pull()
            raise CardRemoved()
        if response is SILENT:
            raise CardSilent()
        return response[:-2], response[-2], response[-1]

    def card_present(self) -> bool:
        return self._given

    async def removed(self) -> None:
        while self._given:
            await self._change()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class FakeClock:
    def __init__(self) -> None:
        self.ticks = 0
        self.date = (2026, 11, 21, 12, 30, 0)

    def now(self) -> tuple[int, int, int, int, int, int]:
        return self.date

    def ticks_ms(self) -> int:
        self.ticks += 1
        return self.ticks

    def ticks_us(self) -> int:
        return self.ticks_ms() * 1000


class FakeSecureElement:
    """Counts: each draw is another one, and the same in each run."""

    def __init__(self, start: int = 0) -> None:
        self._count = start

    def random(self, length: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(length, "big")


class FakeBeeper:
    def __init__(self) -> None:
        self.tones: list[str] = []
        self.lit: list[int] = []

    def beep(self, tone: str) -> None:
        self.tones.append(tone)

    def lights(self, lit: int) -> None:
        self.lit.append(lit)


class FakeBoard:
    """One of each; `drivers()` gives them by the names of firmware.terminal.Drivers."""

    def __init__(self, links: list, storage: FakeStorage | None = None, random_start: int = 0) -> None:
        self.card_reader = FakeCardReader()
        self.display = FakeDisplay()
        self.keypad = FakeKeypad()
        self.links = links
        self.storage = storage or FakeStorage(keyed_files())
        self.clock = FakeClock()
        self.secure_element = FakeSecureElement(random_start)
        self.beeper = FakeBeeper()

    def drivers(self) -> dict:
        return {
            "card_reader": self.card_reader,
            "display": self.display,
            "keypad": self.keypad,
            "links": self.links,
            "storage": self.storage,
            "clock": self.clock,
            "secure_element": self.secure_element,
            "beeper": self.beeper,
        }
