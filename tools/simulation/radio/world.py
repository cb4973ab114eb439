"""One story in one shop of processes: as in tools/simulation/world.py, with what it cannot be alike said here."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from types import ModuleType
from typing import Any

from tools.simulation.books import till_lines
from tools.simulation.faults import ByChance, Told
from tools.simulation.merchant import Merchant, Shop
from tools.simulation.model import Model, TillLine, Verdict
from tools.simulation.people import Cardholder
from tools.simulation.radio import host_life
from tools.simulation.radio.bank import Bank
from tools.simulation.radio.conductor import Conductor
from tools.simulation.radio.host_life import Plan
from tools.simulation.radio.reader import Bench, Reader
from tools.simulation.radio.shared_time import SLOW, WAKE, Moment, SharedClock, make, seconds, unheeded
from tools.simulation.radio.till import Till
from tools.simulation.shop import until_cut_off
from tools.simulation.story import Operation, Story
from tools.simulation.virtual_time import EPOCH

DAY_S = 24 * 3600.0
LATER_S = (60, 600, 1800, 3600, 3600)  # after the cut-off: when what is not well yet is looked at again
EVENINGS = 2
SUDDEN, SUDDEN_S = 0.7, 0.1  # how many ends come without a jump before them, and within which part of the time
WAIT_S = 40.0  # at each of them, at most
_SCREEN = {"link": (0.10, ("cut", "drop", "delay")), "host": (0.03, ("kill",)), "power": (0.02, ("power",))}


@cache
def context() -> ForkServerContext:
    """Processes are forked from one that has imported everything."""
    forks = get_context("forkserver")
    sys.modules["__main__"] = ModuleType("__main__")  # else each process would run this one's program again
    forks.set_forkserver_preload(["tools.simulation.radio.bank", "tools.simulation.radio.preloaded"])
    return forks


class Rig:
    """What outlives stories: air, radio, acquirer, and the folder with databases as they are at first."""

    def __init__(self, conductor: Conductor) -> None:
        self.folder = Path(mkdtemp(prefix="zinc-radio-"))
        self.clock = self.folder / "clock"
        make(self.clock)
        self.conductor = conductor
        self.bank = Bank(context(), self.clock)
        conductor.enters("bank", self.bank.pid, partial(os.kill, self.bank.pid, WAKE))
        self.bench = Bench(self.folder / "reader", self.clock, conductor)
        self.empty = self.folder / "empty"

    async def __aenter__(self) -> Rig:
        self.empty.mkdir()
        made = context().Process(target=host_life.empty, args=(self.empty,))
        made.start()
        await asyncio.to_thread(made.join)
        await self.bench.__aenter__()
        await self.bench.kill_reader()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.bench.__aexit__(None, None, None)
        self.bank.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Ending:
    verdict: Verdict
    till: list[TillLine]


class Clerk(Merchant):
    """The Merchant, who sets the clocks where that one waits."""

    world: World

    async def closed(self, for_s: float) -> None:
        self._shop.reader.switch_off()
        self._shop.till.stop()
        self.world.set_clocks(for_s)
        self._shop.reader.switch_on()
        self._shop.till.start()

    async def _collect(self, operation: Operation | None) -> None:
        await super()._collect(operation)
        await self._ask(_at_rest, "collect")

    async def _collect_in_turn(self) -> None:
        await super()._collect_in_turn()
        await self._ask(_at_rest, "collect")

    async def _holidays(self, operation: Operation) -> None:
        await super()._holidays(operation)
        await self._ask(_at_rest, "holidays")

    async def _evening(self, _operation: Operation) -> None:
        self._tell("merchant", "waits for the evening")
        await self.closed(until_cut_off(self._shop.till.clock.now()))
        await self._ask(_at_rest, "evening")


class World:
    def __init__(self, story: Story, rig: Rig) -> None:
        self.lines: list[str] = []
        self.model = Model()
        self._began = seconds()
        self._story = story
        self._rig = rig
        self._bank = rig.bank
        self._folder = Path(mkdtemp(prefix="story-", dir=rig.folder))
        for path in rig.empty.iterdir():
            shutil.copy(path, self._folder)
        day = self._chance("day").randrange(600) if story.day is None else story.day
        moment = Moment(EPOCH + timedelta(days=day), seconds())
        self._clock = SharedClock(moment)
        self._faults = Told(ByChance(self._chance("faults"), story.families, story.often), self.tell, None, unheeded)
        self._screens = self._chance("screens")
        self._bank.tell("story", story.seed, story.families, story.often, moment)
        self._cardholder = Cardholder(self._chance("cardholder"))
        self._reader = Reader(rig.bench, self._clock, self._faults, self._chance("reader"), self._looks, self.tell)
        self._cardholder.reader = self._reader  # type: ignore[assignment] - has its face
        self._till = Till(
            context(), rig.conductor, self._plan, self._clock, self._chance("till"), self.tell, rig.folder / "till.log"
        )
        shop = Shop(self._till, self._reader, self._cardholder, self._bank)  # type: ignore[arg-type] - as above
        self._merchant = Clerk(shop, self._faults, self._chance("merchant"), self.model, self.tell)
        self._merchant.world = self

    def _plan(self, life: int, moment: Moment, calm: bool) -> Plan:
        families, often = () if calm else self._story.families, self._story.often
        seed = f"{self._story.seed} commits {life}"
        return Plan(
            self._rig.clock, self._folder, self._rig.bench.hci_port, self._bank.url, moment, seed, families, often
        )

    async def run(self) -> Ending:
        """The story, then the evening, and what is there 24 hours later."""
        if self._story.before:
            self._restart()
            await self._do(self._story.before)
        self._storm()
        await self._do(self._story.operations)
        await self._calm()
        ended = self._clock.now()
        await self._do(self._story.after)
        for operation in self._story.after:
            self.model.must_be_approved(operation.amount_minor)
        for _ in range(EVENINGS):
            if (await self._evening()).verdict.clean:
                break
            await self._merchant.settled()
        self.set_clocks(DAY_S - (self._clock.now() - ended).total_seconds())
        return await self._well()

    async def _evening(self) -> Ending:
        """A reader that was out of range at the cut-off, as it can be here, is collected on the next one."""
        self._reader.switch_off()
        self.set_clocks(until_cut_off(self._clock.now()) + 30)
        self._reader.switch_on()
        ending = await self._well()
        for later_s in LATER_S:
            if not ending.verdict.clean:
                self.set_clocks(later_s)
                ending = await self._well()
        return ending

    def _storm(self) -> None:
        if self._story.families:
            self._faults.start()
            self._bank.tell("storm")
            self._till.calm = False
            self._reader.cuts = bool({"flash", "power"} & set(self._story.families))
        self._restart()

    async def _calm(self) -> None:
        """Nothing befalls anybody from now on; whoever may still be cut off is started anew."""
        if not self._story.families:
            return
        self._faults.stop()
        self._bank.tell("calm")
        await self._rig.bench.air("clear")
        self._till.calm = True
        self._reader.cuts = False
        self._restart()

    def _restart(self) -> None:
        for switch in (self._reader.switch_off, self._reader.switch_on, self._till.stop, self._till.start):
            switch()

    def set_clocks(self, on_s: float) -> None:
        """All but the reader's, which is told the time when it starts."""
        if on_s > 0:
            moment = self._clock.moment.later(on_s)
            self._bank.tell("moment", moment)
            self._till.set_clock(moment)

    async def _do(self, operations: tuple[Operation, ...]) -> None:
        for operation in operations:
            await asyncio.sleep(operation.pause_s)
            await self._merchant.do(operation)

    async def _well(self) -> Ending:
        """As soon as all is well and the engine is at rest; in any case after WAIT_S."""
        ends_at = seconds() + WAIT_S
        while True:
            self._till.wrote.clear()
            ending = await self._ending()
            if ending.verdict.clean and await self._till.ask(_at_rest):
                return await self._ending()
            try:
                async with asyncio.timeout(ends_at - seconds()):
                    await self._till.wrote.wait()
            except TimeoutError:
                return await self._ending()

    async def _ending(self) -> Ending:
        till = await self._till.ask(till_lines) or []
        books = self._bank.books()
        for fault in books.faults:
            self.tell("fault", fault)
        return Ending(self.model.judge(books.entries, books.holds, books.refusals, till), till)

    async def close(self) -> None:
        self._till.stop()
        self._reader.switch_off()
        await self._reader.settled()
        shutil.rmtree(self._folder, ignore_errors=True)

    def tell(self, who: str, what: str) -> None:
        self.lines.append(f"{seconds() - self._began:10.3f}  {who:9} {what}")

    def _looks(self, prompt: str, text: str) -> None:
        self.tell("screen", f"{prompt} {text}".rstrip())
        self.model.sees(prompt, text)
        self._cardholder.sees(prompt)
        if self._faults.on:
            self._befalls()

    def _befalls(self) -> None:
        """At a picture: what in one process befalls frames."""
        for family, (often, faults) in _SCREEN.items():
            if family in self._story.families and self._screens.random() < often:
                fault = self._screens.choice(faults)
                self.tell("fault", f"{fault} at screen")
                self._strike(fault)

    def _strike(self, fault: str) -> None:
        loop = asyncio.get_running_loop()
        if fault in ("kill", "power"):
            after_s = self._screens.uniform(0, 2)
            if self._screens.random() < SUDDEN:  # while it works: where it waits, time jumps
                self._rig.conductor.hold(after_s * SUDDEN_S)
                after_s *= SUDDEN_S / SLOW
            end = self._till.kill if fault == "kill" else self._reader.cut_power
            loop.call_later(after_s, lambda: self._faults.on and end())
        else:
            amount = {"cut": self._screens.randrange(1, 900), "drop": 1, "delay": self._screens.randrange(1, 6)}[fault]
            loop.create_task(self._rig.bench.air(f"{fault} {amount}"))

    def _chance(self, name: str) -> Random:
        return Random(f"{self._story.seed} {name}")


def _at_rest(app: Any) -> Any:
    return app.at_rest()
