"""One life of the till: a process with the shipped host, the engine, and bleak on the emulated air; it ends by kill -9.

What it is asked comes in over a pipe, by name, as (number, path, arguments); what it says is ("answer", number, good,
value), ("ready",), ("hears", payment, question), ("fault", what) or ("wrote",) after a commit.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import signal
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from host.app import App, build
from host.database import Database, Work
from host.jobs import dbos_jobs
from host.jobs.dbos_jobs import DbosJobs
from host.payment.errors import PaymentError
from host.payment.model import Payment
from host.settings import Settings
from host.telecollection.errors import TelecollectionError
from host.terminal.ble import BleLink
from host.terminal.client import ReaderClient
from host.terminal.errors import TerminalError
from tools.emulator.bleak_bumble import Adapter
from tools.simulation.faults import ByChance, Told
from tools.simulation.radio.shared_time import Moment, SharedClock, SharedLoop, hold, join, unheeded
from tools.simulation.shop import CONTRACT

TICK_S = 5.0
POLLED_EVERY_S = 0.15  # by the engine
FOUND_S = 1.0  # at most
LONGEST_RUN_S = 120.0  # of a telecollection that the merchant waits for


@dataclass(frozen=True)
class Plan:
    clock: Path  # of shared time
    folder: Path
    adapter: int  # TCP port of the host's Bluetooth controller
    acquirer: str
    moment: Moment
    seed: str  # of this life's faults
    families: tuple[str, ...]
    often: float


class WatchedDatabase(Database):
    """Says each commit that changed something; a fault kills the process there, before or after."""

    def __init__(self, url: str, faults: Told, line: Connection) -> None:
        super().__init__(url)
        self._faults = faults
        self._line = line

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        fault, changed = "", False
        with super().transaction() as work:
            raw: Any = work.connection.driver_connection
            before = raw.total_changes
            yield work
            changed = raw.total_changes != before
            if changed:
                fault = self._faults.at("commit", "")
            if fault == "kill_before":
                die()
        if fault == "kill_after":
            die()
        if changed:
            self._line.send(("wrote",))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Engine(DbosJobs):
    """Looks for work on the wall's clock: until it has found what it was given, time does not jump."""

    async def start(self, name: str, key: str, lane: str = "") -> None:
        hold(FOUND_S)
        await super().start(name, key, lane)

    def _entry(self, name: str) -> Callable[[str], Awaitable[None]]:
        run = super()._entry(name)

        async def found(key: str) -> None:
            hold(0)
            await run(key)

        return found


class Life:
    def __init__(self, line: Connection, plan: Plan) -> None:
        self._line = line
        self.clock = SharedClock(plan.moment)
        self._jobs = Engine(f"sqlite:///{plan.folder / 'jobs.db'}")
        self.faults = Told(ByChance(Random(plan.seed), plan.families, plan.often), self._strikes, None, unheeded)
        self.faults.on = True
        settings = Settings(
            database=plan.folder / "till.db", remittances=plan.folder / "remittances", acquirer_url=plan.acquirer
        )
        adapter = Adapter(plan.adapter)
        self.app = build(
            settings,
            ReaderClient(BleLink(scanner_backend=adapter.scanner, client_backend=adapter.client)),
            clock=self.clock,
            jobs=self._jobs,
            tick_s=TICK_S,
            database=WatchedDatabase(f"sqlite:///{settings.database}", self.faults, line),
        )
        self.payments, self.telecollection = self.app.payments, self.app.telecollection
        self.payments.listen(self._hears)

    async def begin(self) -> None:
        if not self.telecollection.overview.contracts():  # a life may end before it has one
            self.telecollection.add_contract(CONTRACT)
        await self._jobs.launch()
        await self.app.start()
        self._line.send(("ready",))

    def _strikes(self, _who: str, what: str) -> None:
        self._line.send(("fault", what))

    def _hears(self, payment: Payment, phase: str) -> None:
        question = self.payments.question(payment.transaction_id or b"") if phase == "confirmation" else None
        if question is not None:
            self._line.send(("hears", payment, question))

    # ---- what the driver asks beside the parts of the host ----

    async def read(self, what: Callable[[App], Awaitable[Any]]) -> Any:
        return await what(self.app)

    def moment(self, moment: Moment) -> None:
        self.clock.moment = moment

    async def at_rest(self) -> bool:
        """When the engine has nothing in hand; False when that takes too long."""
        try:
            async with asyncio.timeout(LONGEST_RUN_S):
                while await self._at_work():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            return False
        return True

    async def _at_work(self) -> bool:
        from dbos import DBOS

        at_work = ["ENQUEUED", "PENDING"]
        return bool(await DBOS.list_workflows_async(status=at_work, load_input=False, load_output=False))


async def _serve(line: Connection, plan: Plan) -> None:
    life = Life(line, plan)
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task] = set()

    def heard() -> None:
        try:
            while line.poll():
                task = loop.create_task(_answer(life, line, *line.recv()))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except (EOFError, OSError):
            die()

    loop.add_reader(line.fileno(), heard)
    await life.begin()
    await loop.create_future()


async def _answer(life: Life, line: Connection, number: int, path: tuple[str, ...], about: tuple, named: dict) -> None:
    part: Any = life
    for name in path:
        part = getattr(part, name)
    try:
        said = part(*about, **named)
        said = await said if inspect.isawaitable(said) else said
    except (PaymentError, TerminalError, TelecollectionError) as error:
        line.send(("answer", number, False, str(error)))
    except Exception:  # noqa: BLE001  a fault of the host: whoever asked is told of it
        line.send(("broke", traceback.format_exc()))
    else:
        line.send(("answer", number, True, said))


def live(line: Connection, plan: Plan, log: Path) -> None:
    """The process."""
    with log.open("a") as file:
        os.dup2(file.fileno(), 2)
    logging.basicConfig(level=logging.ERROR)
    dbos_jobs.POLLED_EVERY_S = POLLED_EVERY_S
    join(plan.clock, "till")
    with asyncio.Runner(loop_factory=SharedLoop) as runner:
        runner.run(_serve(line, plan))


def empty(folder: Path) -> None:
    """The databases as they are before the first sale."""

    async def make() -> None:
        app: App = build(Settings(database=folder / "till.db"), terminal=None)  # type: ignore[arg-type]
        app.database.migrate()
        app.database.close()
        jobs = DbosJobs(f"sqlite:///{folder / 'jobs.db'}")
        await jobs.launch()
        await jobs.close()

    asyncio.run(make())
