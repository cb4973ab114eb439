"""One day in one shop: everything is made of the seed, and made again by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from random import Random

from tools.simulation.bank import Bank
from tools.simulation.faults import ByChance, Faults, Told
from tools.simulation.line import Air
from tools.simulation.merchant import Merchant
from tools.simulation.model import Model, Verdict
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.story import Story
from tools.simulation.till import Till
from tools.simulation.virtual_time import EPOCH, VirtualClock

SERIAL = "ZINC-0001"
AFTERWARDS_S = 24 * 3600
SETTLE_S = 180.0


class World:
    def __init__(self, story: Story, faults: Faults | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.lines: list[str] = []
        self._loop = loop
        self._story = story
        self._faults = Told(faults or ByChance(self._chance("faults"), story.families), self.tell)
        self.model = Model()
        clock = VirtualClock(loop, EPOCH + timedelta(days=self._chance("day").randrange(600)))
        self.bank = Bank(clock, self._faults, self._chance("bank"))
        air = Air(
            self._faults,
            self._chance("air"),
            {"power": lambda: self.reader.cut_power(), "kill": lambda: self.till.kill()},
        )
        self._cardholder = Cardholder(self._chance("cardholder"))
        self.reader = Reader(SERIAL, air, clock, self._faults, self._chance("reader"), self._looks)
        self._cardholder.reader = self.reader
        self.till = Till(air, self.bank, clock, self._faults, self._chance("till"))
        self._merchant = Merchant(
            self.till, self.reader, self._cardholder, self._faults, self._chance("merchant"), self.model, self.tell
        )

    async def run(self) -> Verdict:
        self.reader.switch_on()
        self.till.start()
        for operation in self._story.operations:
            await asyncio.sleep(operation.pause_s)
            await self._merchant.do(operation)
        self._faults.stop()
        await asyncio.sleep(SETTLE_S)
        self.till.kill()
        await asyncio.sleep(SETTLE_S)
        return self.model.judge(self.bank.simulator, await self._merchant.books())

    def close(self) -> None:
        self.reader.switch_off()
        self.till.close()
        self.bank.simulator.close()

    @property
    def hash(self) -> str:
        """Of every line, and of every write, frame, message, APDU and commit."""
        return sha256("\n".join(self.lines).encode() + self._faults.passed.digest()).hexdigest()

    def tell(self, who: str, what: str) -> None:
        self.lines.append(f"{self._loop.time():10.3f}  {who:9} {what}")

    def _looks(self, prompt: str, text: str) -> None:
        self.tell("screen", f"{prompt} {text}".rstrip())
        self.model.sees(prompt, text)
        self._cardholder.sees(prompt)

    def _chance(self, name: str) -> Random:
        return Random(f"{self._story.seed} {name}")
