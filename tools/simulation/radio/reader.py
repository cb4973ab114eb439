"""The reader: MicroPython in a process that is killed where the power is cut, with a fresh storage for each story."""

from __future__ import annotations

import asyncio
import calendar
import os
import signal
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from random import Random

from boards.emulator import wire
from firmware.contract import FILE as CONTRACT
from protocol import cbor
from tools.build_firmware import image_of
from tools.emulator.card import CardGone
from tools.emulator.emulator import DATA_BLOCKS, Emulator, EmulatorError
from tools.simulation.board import PARIS
from tools.simulation.faults import Told
from tools.simulation.radio.conductor import Conductor
from tools.simulation.radio.eyes import text_of
from tools.simulation.radio.shared_time import PLACES, SLOW, WAKE, SharedClock
from tools.simulation.shop import SERIAL, parameters
from tools.simulators.card import SimulatedCard
from tools.simulators.provision import reader_files

_OFF_S = (0.5, 15.0)
_WRITES = 120  # of blocks, on average, until a cut in the middle of one
_TRIES = 5
STARTS_S = 100.0  # on the wall


@cache
def _storage(serial: str) -> bytes:
    return image_of({**reader_files(serial), CONTRACT: cbor.encode(parameters())}, DATA_BLOCKS)


class Bench(Emulator):
    """The emulator with its radio, which outlive stories."""

    def __init__(self, folder: Path, clock: Path, conductor: Conductor) -> None:
        super().__init__(state=folder, serial_number=SERIAL, boot=Path(__file__).parent / "boot.py")
        self.words = {"clock": clock, "place": PLACES.index("reader"), "slow": SLOW, "now": 0, "cut": 0}
        self.stdin, self._wakes = os.pipe()
        self.radio_program = ("tools.simulation.radio.air", str(clock))
        self._conductor = conductor
        self.looks: Callable[[str, bytes], None] = lambda _prompt, _picture: None

    def renew(self, serial: str) -> None:
        self.words["serial_number"] = serial
        self._storage.write_bytes(_storage(serial))

    async def _start_radio(self) -> None:
        """And wait for it, to know that it can be woken."""
        await super()._start_radio()
        assert self._radio is not None and self._radio.stdout is not None
        await self._radio.stdout.readline()
        self._conductor.enters("radio", self._radio.pid, partial(self._radio.send_signal, WAKE))

    async def start_reader(self) -> None:
        """As long as it starts, time does not jump."""
        self._conductor.hold(STARTS_S)
        try:
            await super().start_reader()
        finally:
            self._conductor.hold(0)
        assert self._reader is not None
        self._conductor.enters("reader", self._reader.pid, partial(os.write, self._wakes, b"\0"))

    async def kill_reader(self) -> None:
        await super().kill_reader()
        self._conductor.leaves("reader")

    async def start_surely(self) -> bool:
        """False when its power went meanwhile. It is tried again when the radio had not yet noticed the life before."""
        for _ in range(_TRIES):
            try:
                await self.start_reader()
            except EmulatorError:
                assert self._reader is not None
                if self._reader.returncode == -signal.SIGKILL:
                    return False
            else:
                return True
        raise EmulatorError("the reader does not start")

    @property
    def hci_port(self) -> int:
        return self._hci_port

    def kill_now(self) -> None:
        if self._reader is not None and self._reader.returncode is None:
            os.kill(self._reader.pid, signal.SIGKILL)

    @property
    def died(self) -> asyncio.Future[int]:
        assert self._reader is not None
        return asyncio.ensure_future(self._reader.wait())

    async def put(self, card: FaultyCard, interface: str) -> None:
        await self._cards.put_in(card, interface)

    async def _take(self, kind: int, payload: bytes) -> None:
        await super()._take(kind, payload)
        if kind == wire.PICTURE:
            self.looks(self.prompt, self._glass)


class FaultyCard:
    """A card that is torn, or whose reader's power goes, at an APDU."""

    def __init__(self, card: SimulatedCard, faults: Told, cut_power: Callable[[], None]) -> None:
        self._card = card
        self._faults = faults
        self._cut_power = cut_power

    def power_on(self, interface: str) -> bytes:
        return self._card.power_on(interface)

    def transmit(self, apdu: bytes) -> bytes:
        fault = self._faults.at("apdu", apdu[:4].hex())
        if fault == "power":
            self._cut_power()
        if fault in ("power", "torn_before"):
            raise CardGone
        answer = self._card.transmit(apdu)
        if fault == "torn_after":
            raise CardGone
        return answer


class Reader:
    """Has the face of tools/simulation/reader.py: board.slot, keypad, switches. `looks(prompt, text)`: each picture."""

    def __init__(
        self,
        bench: Bench,
        clock: SharedClock,
        faults: Told,
        chance: Random,
        looks: Callable[[str, str], None],
        tell: Callable[[str, str], None],
    ) -> None:
        self.board = self
        self.slot = self
        self.keypad = self
        self.rotten = False  # its flash; never here
        self.cuts = False  # the power may go in the middle of a write
        self._bench = bench
        self._clock = clock
        self._faults = faults
        self._chance = chance
        self._looks = looks
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._wanted = False
        self._on = False
        self._lives = 0
        self._last: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        bench.looks = self._sees
        self.serial = SERIAL
        bench.renew(SERIAL)

    # ---- switches ----

    def switch_on(self) -> None:
        self._wanted = True
        if not self._on:
            self._on = True
            self._lives += 1
            self._next(partial(self._start, self._lives))

    def switch_off(self) -> None:
        self._wanted = False
        self._end()

    def cut_power(self) -> None:
        """From any thread. It comes back by itself."""
        self._bench.kill_now()

    def renew(self, serial: str) -> None:
        """Another reader takes this one's place, as soon as it is off."""
        self.serial = serial

        async def exchange() -> None:
            self._bench.renew(serial)

        self._next(exchange)

    def _end(self) -> None:
        if self._on:
            self._on = False
            self._bench.kill_now()
            self._next(self._reap)

    def _next(self, act: Callable[[], object]) -> None:
        """One after the other."""
        before = self._last

        async def run() -> None:
            if before is not None:
                await before
            await act()  # type: ignore[misc]

        self._last = self._loop.create_task(run())

    async def _start(self, life: int) -> None:
        self._bench.words["now"] = calendar.timegm(self._clock.now().astimezone(PARIS).timetuple())
        self._bench.words["cut"] = int(self._chance.expovariate(1 / _WRITES)) + 1 if self.cuts else 0
        if await self._bench.start_surely():
            self._watch = self._loop.create_task(self._until_it_dies(life))
        else:
            self._died(life)

    async def _reap(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        await self._bench.kill_reader()
        self._looks("dark", "")

    async def _until_it_dies(self, life: int) -> None:
        await self._bench.died
        self._died(life)

    def _died(self, life: int) -> None:
        if self._on and life == self._lives:  # it may have been switched off and on meanwhile
            self._tell("fault", "the reader's power is gone")
            self._end()
            self._loop.call_later(self._chance.uniform(*_OFF_S), self._again)

    def _again(self) -> None:
        if self._wanted:
            self.switch_on()

    async def settled(self) -> None:
        """Until what was switched is. Raises EmulatorError."""
        if self._last is not None:
            await self._last

    # ---- what people do ----

    def put(self, card: SimulatedCard | str, interface: str = "") -> None:
        """A card into the slot; or a key."""
        if isinstance(card, str):
            self._bench._door.send(wire.KEY, card.encode())
        else:
            self._loop.create_task(self._bench.put(FaultyCard(card, self._faults, self.cut_power), interface))

    def pull(self) -> None:
        self._loop.create_task(self._bench.remove())

    def _sees(self, prompt: str, picture: bytes) -> None:
        self._looks(prompt, text_of(picture) if prompt in ("approved", "declined") else "")
