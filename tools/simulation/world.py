"""One day in one shop: everything is made of the seed, and made again by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from random import Random

from tools.simulation.bank import LATEST_S, Bank
from tools.simulation.books import holds, refusals, till_lines
from tools.simulation.coverage import Coverage
from tools.simulation.faults import ByChance, Faults, Told
from tools.simulation.line import Air
from tools.simulation.merchant import Merchant, Shop
from tools.simulation.model import Model, Verdict
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.shop import SERIAL, until_cut_off
from tools.simulation.story import Operation, Story
from tools.simulation.till import Till
from tools.simulation.virtual_time import EPOCH, VirtualClock

DAY_S = 24 * 3600.0
SETTLE_S = 25.0  # longer than reader and till are ever away
COLLECT_S = 60.0


class World:
    """`loud`: the story names all that passes, fault or not."""

    def __init__(self, story: Story, faults: Faults | None = None, loud: bool = False) -> None:
        self._loop = asyncio.get_running_loop()
        self.lines: list[str] = []
        self._said = sha256()
        self._story = story
        drawn = faults or ByChance(self._chance("faults"), story.families)
        self.coverage = Coverage()
        self._faults = Told(drawn, self.tell, self._whisper if loud else None, self.coverage.strikes)
        self.model = Model()
        clock = VirtualClock(self._loop, EPOCH + timedelta(days=self._chance("day").randrange(600)))
        self.bank = Bank(clock, self._faults, self._chance("bank"))
        strikes = {"power": lambda: self.reader.cut_power(), "kill": lambda: self.till.kill()}
        air = Air(self._faults, self._chance("air"), strikes)
        cardholder = Cardholder(self._chance("cardholder"))
        self._cardholder = cardholder
        self.reader = Reader(
            SERIAL,
            air,
            clock,
            self._faults,
            self._chance("reader"),
            self._looks,
            self.tell,
            self.coverage.journalled,
        )
        cardholder.reader = self.reader
        self.till = Till(air, self.bank, clock, self._faults, self._chance("till"), self.coverage.moved)
        shop = Shop(self.till, self.reader, cardholder, self.bank)
        self._merchant = Merchant(shop, self._faults, self._chance("merchant"), self.model, self.tell)

    async def run(self) -> Verdict:
        """The story, then the evening, and what is there 24 hours later."""
        self.reader.switch_on()
        self.till.start()
        await self.till.ready.wait()
        await self._do(self._story.before)
        self._faults.start()
        await self._do(self._story.operations)
        self._faults.stop()
        ended = self._loop.time()
        self.reader.switch_on()
        self.till.start()
        await asyncio.sleep(SETTLE_S)
        await self._merchant.closed(LATEST_S)
        await self._do(self._story.after)
        for operation in self._story.after:
            self.model.must_be_approved(operation.amount_minor)
        await self._merchant.closed(until_cut_off(self.till.clock.now()))
        await asyncio.sleep(COLLECT_S)
        await self._merchant.closed(ended + DAY_S - self._loop.time())
        await asyncio.sleep(SETTLE_S)
        return await self._verdict()

    async def _do(self, operations: tuple[Operation, ...]) -> None:
        for operation in operations:
            await asyncio.sleep(operation.pause_s)
            self.coverage.begins()
            await self._merchant.do(operation)

    async def _verdict(self) -> Verdict:
        simulator = self.bank.simulator
        till = await self.till.ask(till_lines)
        return self.model.judge(simulator.ledger().values(), holds(simulator), refusals(simulator), till)

    def close(self) -> None:
        self.reader.switch_off()
        self.till.close()
        self.bank.simulator.close()

    @property
    def hash(self) -> str:
        """Of every line, and of every write, frame, message, APDU and commit."""
        return sha256(self._said.digest() + self._faults.passed.digest()).hexdigest()

    def tell(self, who: str, what: str) -> None:
        self._whisper(who, what)
        self._said.update(self.lines[-1].encode())

    def _whisper(self, who: str, what: str) -> None:
        self.lines.append(f"{self._loop.time():10.3f}  {who:9} {what}")

    def _looks(self, prompt: str, text: str) -> None:
        self.tell("screen", f"{prompt} {text}".rstrip())
        self.model.sees(prompt, text)
        self._cardholder.sees(prompt)

    def _chance(self, name: str) -> Random:
        return Random(f"{self._story.seed} {name}")
