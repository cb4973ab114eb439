"""The reader's other drivers in memory: glass, keys, lights, clock, randomness, and the slot where a card is torn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from boards.parts.key_queue import KeyQueue
from firmware.drivers.display import HEIGHT, WIDTH
from firmware.errors import CardRemoved
from tools.simulation.faults import Faults
from tools.simulation.flash import Flash
from tools.simulation.life import Killed, Life
from tools.simulation.virtual_time import VirtualClock
from tools.simulators.card import SimulatedCard

PARIS = ZoneInfo("Europe/Paris")
_TICKS = 1 << 30
_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class Display:
    """Who looks at it is called with each picture: its prompt, and the `texts` in it, without spaces (machine.py)."""

    def __init__(self, life: Life, looks: Callable[[str, str], None]) -> None:
        self.buffer = bytearray(WIDTH * HEIGHT // 2)
        self.texts: list[str] = []
        self._life = life
        self._looks = looks

    def show(self, prompt: str) -> None:
        self._life.check()
        text = "".join("".join(self.texts).split())
        self.texts.clear()
        self._looks(prompt, text)


class Slot:
    """Where cards are put. The card outlives the reader; what the reader knows of it does not."""

    def __init__(self) -> None:
        self.card: SimulatedCard | None = None
        self.interface = ""
        self.changed = asyncio.Event()

    def put(self, card: SimulatedCard, interface: str) -> None:
        self.card, self.interface = card, interface
        self._tell()

    def pull(self) -> None:
        self.card, self.interface = None, ""
        self._tell()

    def _tell(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class CardReader:
    """One life's view of the slot."""

    def __init__(self, slot: Slot, life: Life, faults: Faults, cut_power: Callable[[], None]) -> None:
        self._slot = slot
        self._life = life
        self._faults = faults
        self._cut_power = cut_power
        self._open: tuple[str, ...] = ()
        self._given: SimulatedCard | None = None

    def arm(self, contact: bool, contactless: bool) -> None:
        self._life.check()
        self._open = ("contact",) * contact + ("contactless",) * contactless
        self._slot._tell()

    async def present(self) -> str:
        while self._slot.card is None or self._slot.interface not in self._open:
            await self._slot.changed.wait()
        self._given = self._slot.card
        self._given.power_on(self._slot.interface)
        return self._slot.interface

    def transmit(self, command: bytes) -> tuple[bytes, int, int]:
        self._life.check()
        fault = self._faults.at("apdu", bytes(command[:4]).hex())
        if fault == "power":
            self._cut_power()
            raise Killed("power")
        if fault == "torn_before":
            self._slot.pull()
        card = self._slot.card
        if card is None or card is not self._given:
            raise CardRemoved
        answer = card.transmit(bytes(command))
        if fault == "torn_after":
            self._slot.pull()
            raise CardRemoved
        return answer[:-2], answer[-2], answer[-1]

    def card_present(self) -> bool:
        return self._slot.card is not None and self._slot.card is self._given

    async def removed(self) -> None:
        while self.card_present():
            await self._slot.changed.wait()


class Clock:
    """The reader's, set right by whoever set it; `shift` is by how much it is wrong."""

    def __init__(self, clock: VirtualClock, loop: asyncio.AbstractEventLoop) -> None:
        self.shift = timedelta()
        self._clock = clock
        self._loop = loop

    def now(self) -> tuple[int, int, int, int, int, int]:
        local: datetime = (self._clock.epoch + timedelta(seconds=self._loop.time()) + self.shift).astimezone(PARIS)
        return local.year, local.month, local.day, local.hour, local.minute, local.second

    def reset(self) -> None:
        """Its battery was out: it begins again on the first day that it knows."""
        self.shift = _FIRST_DAY - self._clock.epoch - timedelta(seconds=self._loop.time())

    def ticks_ms(self) -> int:
        return int(self._loop.time() * 1000) % _TICKS

    def ticks_us(self) -> int:
        return int(self._loop.time() * 1_000_000) % _TICKS


class SecureElement:
    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def random(self, length: int) -> bytes:
        return self._chance.randbytes(length)


class Beeper:
    """Silent and dark."""

    def beep(self, tone: str) -> None: ...

    def lights(self, lit: int) -> None: ...


class Keypad(KeyQueue):
    pass


class Board:
    """What stays of a reader when its power goes: flash, slot, clock."""

    def __init__(self, serial: str, clock: Clock, chance: Random) -> None:
        self.serial = serial
        self.rotten = False  # a bit of its flash has turned
        self.flash = Flash(serial)
        self.slot = Slot()
        self.clock = clock
        self.secure_element = SecureElement(chance)
