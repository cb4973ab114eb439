"""One day in one shop: everything is made of the seed, and made again by it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from random import Random

from firmware.journal import journal
from tools.simulation.bank import LATEST_S, Bank
from tools.simulation.books import holds, refusals, till_lines
from tools.simulation.coverage import Coverage
from tools.simulation.disk import Medium, emptied
from tools.simulation.faults import ByChance, Faults, Told
from tools.simulation.line import Air
from tools.simulation.merchant import Merchant, Shop
from tools.simulation.model import Model, Verdict
from tools.simulation.people import Cardholder
from tools.simulation.reader import Reader
from tools.simulation.shop import serial, until_cut_off
from tools.simulation.story import Operation, Story
from tools.simulation.till import Till
from tools.simulation.virtual_time import EPOCH, VirtualClock
from tools.simulators.card import SimulatedCard

DAY_S = 24 * 3600.0
SETTLE_S = 25.0  # longer than reader and till are ever away
COLLECT_S = 60.0
_SHOWN_S = 2.0  # after which the screen says what the till knows
_ANOTHER = 10  # more, so that it is another payment
_WRONG_BY = timedelta(days=2)  # of a clock (faults/R-13)


class World:
    """`loud`: the story names all that passes, fault or not. `lines`: where it is told."""

    def __init__(
        self, story: Story, faults: Faults | None = None, loud: bool = False, lines: list[str] | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.lines = [] if lines is None else lines
        self._said = sha256()
        self._story = story
        journal._MOST_RECORDS = story.segment  # pyright: ignore[reportPrivateUsage]
        drawn = faults or ByChance(self._chance("faults"), story.families, story.often)
        self.coverage = Coverage()
        self._faults = Told(drawn, self.tell, self._whisper if loud else None, self.coverage.strikes)
        self.model = Model()
        self.heaps: list[int] = []  # of the first reader's program, night after night
        day = self._chance("day").randrange(600) if story.day is None else story.day
        self._epoch = EPOCH + timedelta(days=day)
        self.bank = Bank(VirtualClock(self._loop, self._epoch), self._faults, self._chance("bank"))
        self._medium = Medium(emptied(self.coverage.moved))
        self._cards: dict[str, SimulatedCard] = {}
        self._shops = [self._counter(number) for number in range(story.counters)]
        self.till, self.reader = self._shops[0].till, self._shops[0].reader
        first, *others = self._shops
        self._merchant = Merchant(first, self._faults, self._chance("merchant"), self.model, self.tell, *others)
        self._weather = self._chance("weather")
        self._ahead = timedelta()  # the furthest that a till's clock ever was

    def _counter(self, number: int) -> Shop:
        """Its till has the shop's database, and a clock of its own."""
        name = f" {number}" if number else ""
        clock = VirtualClock(self._loop, self._epoch)
        strikes = {"power": lambda: reader.cut_power(), "kill": lambda: till.kill()}
        air = Air(self._faults, self._chance("air" + name), strikes)
        cardholder = Cardholder(self._chance("cardholder" + name), self._cards)
        journalled = lambda data: self.coverage.journalled(reader.board.serial, data)  # noqa: E731
        eyes = partial(self._looks, number, cardholder), self.tell, journalled
        reader = Reader(serial(number + 1), air, clock, self._faults, self._chance("reader" + name), *eyes)
        cardholder.reader = reader
        chance = self._chance("till" + name)
        till = Till(f"C{number + 1}", self._medium, air, self.bank, clock, self._faults, chance)
        return Shop(till, reader, cardholder, self.bank)

    async def run(self) -> Verdict:
        """The story, then the evening, and what is there 24 hours later."""
        self._open()
        for shop in self._shops:
            await shop.till.ready.wait()
        await self._do(self._story.before)
        self._faults.start()
        await self._do(self._story.operations)
        self._faults.stop()
        self._set_right()
        ended = self._loop.time()
        self._open()
        await asyncio.sleep(SETTLE_S)
        await self._merchant.closed(LATEST_S)
        await self._last_sales()
        await self._merchant.closed(until_cut_off(self.till.clock.now()))
        await asyncio.sleep(COLLECT_S)
        await self._merchant.settled()
        await self._merchant.closed(ended + DAY_S - self._loop.time())
        await asyncio.sleep(SETTLE_S)
        return await self._verdict()

    async def _do(self, operations: tuple[Operation, ...]) -> None:
        for operation in operations:
            await asyncio.sleep(operation.pause_s)
            if not operation.at_once:
                self.coverage.begins()
            self._faults.aim(operation.struck)
            self._befalls(self._shops[operation.counter], self._faults.at("rest", operation.kind))
            await self._merchant.do(operation)
            if operation.kind == "until_night":
                self.heaps.append(self.reader.heap_bytes())

    async def _last_sales(self) -> None:
        """All is usable again (I7), but for a reader whose flash has rotted."""
        for operation in self._story.after:
            await self._do((operation,))
            await asyncio.sleep(_SHOWN_S)
            shop = self._shops[operation.counter]
            if shop.reader.board.rotten and not self.model.saw(operation.amount_minor):
                await self._merchant.heeding.destroyed(shop)
                await asyncio.sleep(SETTLE_S)
                operation = replace(operation, amount_minor=operation.amount_minor + _ANOTHER)
                await self._do((operation,))
            self.model.must_be_approved(operation.amount_minor)

    def _open(self) -> None:
        for shop in self._shops:
            shop.reader.switch_on()
            shop.till.start()

    def _befalls(self, shop: Shop, fault: str) -> None:
        """Between two operations."""
        if fault == "rot":
            shop.reader.board.rotten = True
            self.tell("flash", f"a bit turned in {shop.reader.board.flash.rot(self._weather)}")
        elif fault == "reader_reset":
            shop.reader.board.clock.reset()
        elif fault:
            whose, _, way = fault.partition("_")
            clock = shop.reader.board.clock if whose == "reader" else shop.till.clock
            clock.shift += _WRONG_BY if way == "forward" else -_WRONG_BY
            self._ahead = max(self._ahead, shop.till.clock.shift)

    def _set_right(self) -> None:
        """Clocks, and who was out of range."""
        for shop in self._shops:
            shop.reader.board.clock.shift = shop.till.clock.shift = timedelta()
            shop.reader.air.away_until = 0.0

    async def _verdict(self) -> Verdict:
        simulator = self.bank.simulator
        till = await self.till.ask(till_lines)
        return self.model.judge(simulator.ledger().values(), holds(simulator, self._ahead), refusals(simulator), till)

    def close(self) -> None:
        for shop in self._shops:
            shop.reader.switch_off()
            shop.till.close()
        self.bank.simulator.close()

    @property
    def hash(self) -> str:
        """Of every line, and of every write, frame, message, APDU and commit."""
        return sha256(self._said.digest() + self._faults.passed.digest()).hexdigest()

    @property
    def order(self) -> str:
        """Of what there was, and in which order: an interleaving."""
        return self._faults.order.hexdigest()

    def tell(self, who: str, what: str) -> None:
        self._whisper(who, what)
        self._said.update(self.lines[-1].encode())

    def _whisper(self, who: str, what: str) -> None:
        self.lines.append(f"{self._loop.time():10.3f}  {who:9} {what}")

    def _looks(self, counter: int, cardholder: Cardholder, prompt: str, text: str) -> None:
        self.tell("screen", f"{prompt} {text}".rstrip())
        self.model.sees(prompt, text, counter)
        cardholder.sees(prompt)

    def _chance(self, name: str) -> Random:
        return Random(f"{self._story.seed} {name}")
