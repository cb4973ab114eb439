"""The till as the merchant reaches it: a process that is forked anew after each kill -9."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable
from functools import partial
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from host.payment.errors import PaymentError
from tools.simulation.books import till_lines, unfinished
from tools.simulation.radio.conductor import Conductor
from tools.simulation.radio.host_life import Plan, live
from tools.simulation.radio.shared_time import WAKE, Moment, SharedClock

READS = (till_lines, unfinished)  # done in the till's process, where the database is
_AWAY_S = (0.5, 15.0)
ANSWER_S = 400.0  # the longest that the host may take for anything: the reader's deadlines add up


class TillBroke(Exception):
    """The host raised what it may not, or never answered."""


class Part:
    """Stands for a part of the host: what is called on it is asked over the pipe."""

    def __init__(self, ask: Callable[..., Any], path: tuple[str, ...] = ()) -> None:
        self._ask = ask
        self._path = path

    def __getattr__(self, name: str) -> Part:
        return Part(self._ask, (*self._path, name))

    def __call__(self, *about: Any, **named: Any) -> asyncio.Future[Any]:
        return self._ask(self._path, about, named)


class Till:
    """Has the face of tools/simulation/till.py. `wrote` is set after each commit of the host."""

    def __init__(
        self,
        context: ForkServerContext,
        conductor: Conductor,
        plan: Callable[[int, Moment, bool], Plan],
        clock: SharedClock,
        chance: Random,
        tell: Callable[[str, str], None],
        log: Path,
    ) -> None:
        """plan(life, moment, calm) is what the next life is told."""
        self.lives = 0
        self.clock = clock
        self.calm = True  # no faults
        self.ready = asyncio.Event()
        self.wrote = asyncio.Event()
        self.confirms: Callable[[Any, Any, Any], None] | None = None
        self.broke = ""
        self._context = context
        self._conductor = conductor
        self._plan = plan
        self._chance = chance
        self._tell = tell
        self._log = log
        self._wanted = False
        self._process: BaseProcess | None = None
        self._line: Any = None
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._numbers = 0

    @property
    def on(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        self._wanted = True
        if self.on:
            return
        self.lives += 1
        self._line, theirs = self._context.Pipe()
        plan = self._plan(self.lives, self.clock.moment, self.calm)
        self._process = self._context.Process(target=live, args=(theirs, plan, self._log), daemon=True)
        self._process.start()
        theirs.close()
        assert self._process.pid is not None
        self._conductor.enters("till", self._process.pid, partial(os.kill, self._process.pid, WAKE))
        asyncio.get_running_loop().add_reader(self._line.fileno(), self._heard)

    def kill(self) -> None:
        """kill -9; whoever minds the shop starts it again."""
        if self.on:
            self._end()

    def stop(self) -> None:
        """Until it is started."""
        self._wanted = False
        self._end(again=False)

    def set_clock(self, moment: Moment) -> None:
        self.clock.moment = moment
        if self.on:
            self._call(("moment",), (moment,), {})

    def _end(self, again: bool = True) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        self.ready.clear()
        process.kill()
        process.join()
        self._conductor.leaves("till")
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._line.fileno())
        self._line.close()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_result(None)
        self._asked.clear()
        if again:
            loop.call_later(self._chance.uniform(*_AWAY_S), self._again)

    def _again(self) -> None:
        if self._wanted:
            self.start()

    def _heard(self) -> None:
        try:
            while self._process is not None and self._line.poll():
                what, *about = self._line.recv()
                getattr(self, "_on_" + what)(*about)
        except (EOFError, OSError):
            self._end()

    def _on_ready(self) -> None:
        self.ready.set()

    def _on_wrote(self) -> None:
        self.wrote.set()

    def _on_fault(self, what: str) -> None:
        self._tell("fault", what)

    def _on_hears(self, payment: Any, question: Any) -> None:
        if self.confirms is not None:
            self.confirms(Part(self._call), payment, question)

    def _on_broke(self, what: str) -> None:
        self.broke = what
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(TillBroke(what))

    def _on_answer(self, number: int, good: bool, said: Any) -> None:
        waiting = self._asked.pop(number, None)
        if waiting is None or waiting.done():
            return
        if good:
            waiting.set_result(said)
        else:
            waiting.set_exception(PaymentError(said))

    def _call(self, path: tuple[str, ...], about: tuple[Any, ...], named: dict[str, Any]) -> asyncio.Future[Any]:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # some are for nobody
        if not self.on:
            answer.set_result(None)
            return answer
        self._numbers += 1
        self._asked[self._numbers] = answer
        try:
            self._line.send((self._numbers, path, about, named))
        except OSError:
            self._end()
        return answer

    async def ask(self, what: Callable[[Any], Any]) -> Any:
        """What it gives; None when the till died meanwhile. Raises PaymentError for what it refuses, TillBroke."""
        try:
            async with asyncio.timeout(ANSWER_S):
                await self.ready.wait()
                said = self._call(("read",), (what,), {}) if what in READS else what(Part(self._call))
                while inspect.isawaitable(said):
                    said = await said
        except TimeoutError:
            raise TillBroke(f"it did not answer in {ANSWER_S} s") from None
        return said
