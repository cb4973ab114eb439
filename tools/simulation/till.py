"""The till: one database, and the host running on it from each kill -9 to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import cache, partial
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from host.acquirer.caaa import Parties
from host.acquirer.caaa_link import CaaaLink
from host.app import App, build
from host.jobs.inline import InlineJobs, Kept
from host.payment.model import Payment
from host.payment.ports import Message
from host.settings import Settings
from host.terminal.client import ReaderClient
from tools.simulation.bank import Bank, Network
from tools.simulation.disk import DiskDatabase, Medium
from tools.simulation.faults import Faults
from tools.simulation.life import Killed, Life
from tools.simulation.line import Air, HostEnd
from tools.simulation.shop import CONTRACT
from tools.simulation.virtual_time import VirtualClock

_AWAY_S = (0.5, 15.0)
TICK_S = 5.0


Confirms = Callable[[App, Payment, Message], None]


def _folder() -> Path:
    """Of remittances: files, which a crash leaves as they are."""
    return Path(mkdtemp(prefix="zinc-simulation-"))


@cache
def settings() -> Settings:
    return Settings()


class Till:
    """`name` is among the shop's tills, which share one database."""

    def __init__(
        self, name: str, medium: Medium, air: Air, bank: Bank, clock: VirtualClock, faults: Faults, chance: Random
    ) -> None:
        self.lives = 0
        self.ready = asyncio.Event()
        self._name = name
        self._medium = medium
        self._air = air
        self._bank = bank
        self._faults = faults
        self._chance = chance
        self.clock = clock
        self.confirms: Confirms | None = None
        self._kept = Kept()
        self._folder = _folder()
        self._app: App | None = None
        self._wanted = True
        self._life = Life("till")
        self._life.over = True

    @property
    def on(self) -> bool:
        return not self._life.over

    def start(self) -> None:
        if self.on:
            return
        self._wanted = True
        self.lives += 1
        life = self._life = Life(f"till {self.lives}")
        chosen = settings().model_copy(update={"remittances": self._folder, "till": self._name})
        jobs = InlineJobs(self._kept)
        parties = Parties(chosen.acquirer_id, chosen.merchant.id, chosen.merchant.name, chosen.poi_id)
        self._app = build(
            chosen,
            ReaderClient(HostEnd(self._air, life)),
            acquirer=CaaaLink(
                chosen.acquirer_url, parties, chosen.acquirer_deadline_s, transport=Network(self._bank, life)
            ),
            clock=self.clock,
            jobs=jobs,
            tick_s=TICK_S,
            random=self._chance.randbytes,
            database=DiskDatabase(self._medium, life, self._faults, self.kill),
        )
        self._app.payments.listen(partial(self._hears, self._app))
        life.start(self._begin(self._app, jobs, life))

    async def _begin(self, app: App, jobs: InlineJobs, life: Life) -> None:
        if not app.telecollection.overview.contracts():
            app.telecollection.add_contract(CONTRACT)
        await app.start()
        self.ready.set()
        life.start(jobs.resume())

    def _hears(self, app: App, payment: Payment, phase: str) -> None:
        question = app.payments.question(payment.transaction_id or b"") if phase == "confirmation" else None
        if question is not None and self.confirms is not None:
            self.confirms(app, payment, question)

    def kill(self) -> None:
        """kill -9 or the machine's power; whoever minds the shop starts it again."""
        if self.on:
            self._life.end()
            self.ready.clear()
            self._air.cut()
            asyncio.get_running_loop().call_later(self._chance.uniform(*_AWAY_S), self._again)

    def stop(self) -> None:
        """Until it is started."""
        self._wanted = False
        self._life.end()
        self.ready.clear()
        self._air.cut()

    def close(self) -> None:
        self.stop()
        rmtree(self._folder)

    def _again(self) -> None:
        self._medium.power_was_cut()
        if self._wanted:
            self.start()

    async def ask(self, what: Callable[[App], Coroutine[Any, Any, Any]]) -> Any:
        """What it gives; None when the till died meanwhile. Raises what it raises."""
        await self.ready.wait()
        assert self._app is not None
        task = self._life.start(what(self._app))
        await asyncio.wait((task,))
        if task.cancelled() or isinstance(task.exception(), Killed):
            return None
        return task.result()
