"""The reader: one board, and the firmware running on it from each power cut to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from firmware.terminal import Drivers, run
from tools.simulation.board import Beeper, Board, CardReader, Clock, Display, Keypad
from tools.simulation.faults import Faults
from tools.simulation.flash import FlashStorage
from tools.simulation.heap import reachable_bytes
from tools.simulation.life import Life
from tools.simulation.line import Air, ReaderEnd
from tools.simulation.virtual_time import VirtualClock

_OFF_S = (0.5, 15.0)  # how long the power stays away


class Reader:
    """`looks(prompt, text)` is called with each picture on its glass, `journalled` with what is appended to files."""

    def __init__(
        self,
        serial: str,
        air: Air,
        clock: VirtualClock,
        faults: Faults,
        chance: Random,
        looks: Callable[[str, str], None],
        tell: Callable[[str, str], None],
        journalled: Callable[[bytes], None],
    ) -> None:
        self.keypad = Keypad()
        self.lives = 0
        self.air = air
        self._faults = faults
        self._chance = chance
        self._clock = clock
        self.renew(serial)
        self._looks = looks
        self._tell = tell
        self._journalled = journalled
        self._life = Life("reader")
        self._life.over = True
        self._wanted = True  # the merchant has it switched on

    @property
    def on(self) -> bool:
        return not self._life.over

    def switch_on(self) -> None:
        if self.on:
            return
        self._wanted = True
        self.lives += 1
        life = self._life = Life(f"reader {self.lives}")
        self.keypad = Keypad()
        storage = FlashStorage(self.board.flash, life, self._faults, self.cut_power, self._journalled)
        drivers = Drivers(
            card_reader=CardReader(self.board.slot, life, self._faults, self.cut_power),
            display=Display(life, self._looks),
            keypad=self.keypad,
            links=[ReaderEnd(self.air, life)],
            storage=storage,
            clock=self.board.clock,
            secure_element=self.board.secure_element,
            beeper=Beeper(),
            serial_number=self.board.serial,
        )
        self._program = run(drivers)
        life.start(self._program).add_done_callback(lambda task: self._ended(life, task))

    def switch_off(self) -> None:
        self._wanted = False
        self._end()

    def heap_bytes(self) -> int:
        """What its program holds (heap.py); 0 when it is off."""
        if not self.on or self._program.cr_await is None:
            return 0
        return reachable_bytes(self._program.cr_await.cr_frame.f_locals["self"])

    def renew(self, serial: str) -> None:
        """Another reader takes its place."""
        self.board = Board(serial, Clock(self._clock, asyncio.get_running_loop()), self._chance)

    def cut_power(self) -> None:
        """It comes back by itself."""
        if self.on:
            self._end()
            asyncio.get_running_loop().call_later(self._chance.uniform(*_OFF_S), self._again)

    def _end(self) -> None:
        self._life.end()
        self.air.listening = None
        self.air.cut()
        self._looks("dark", "")

    def _ended(self, life: Life, task: asyncio.Task) -> None:
        """The program never ends by itself; where it fails all the same, a board would hang."""
        if not life.over and not task.cancelled():
            error = task.exception()
            self._tell("reader", f"its program ended: {type(error).__name__} {error}")

    def _again(self) -> None:
        if self._wanted:
            self.switch_on()
