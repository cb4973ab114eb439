"""Everything a sale needs, started together: emulated reader, acquirer, host. Demo, tests and measurements use it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from host.app import TICK_S, App, build, engine_of
from host.clock import Clock, SystemClock
from host.messaging.carriers import Carriers
from host.messaging.model import Inbound
from host.settings import Settings
from host.terminal.byte_link import ByteLink
from host.terminal.client import ReaderClient
from tools.demo.acquirer_process import AcquirerProcess
from tools.demo.tapped_line import TappedLine
from tools.emulator.emulator import Emulator
from tools.keys import load as load_keys
from tools.micropython import best_runtime
from tools.simulators.messages.inbox import Inbox

SERIAL = "ZINC-0001"


class Stack:
    """`async with Stack(folder) as stack`: reader, acquirer, line, terminal (the reader's client), app, and the inbox
    where its messages arrive.

    folder: where database, reader storage and logs are kept. `tapped` remembers all that goes over the line. `durable`:
    the evening's work survives a kill -9. `acquirer`: options of tools.simulators.acquirer. `clock`, `tick_s`: the
    host's, the reader has its own. `runtime`, `link` and `heap` are Emulator's, the others host settings.
    """

    reader: Emulator
    acquirer: AcquirerProcess
    line: ByteLink
    terminal: ReaderClient
    app: App

    def __init__(
        self,
        folder: Path,
        *,
        runtime: str | None = None,
        link: str = "ble",
        heap: str = "320k",
        tapped: bool = False,
        durable: bool = False,
        acquirer: tuple[str, ...] = (),
        clock: Clock | None = None,
        tick_s: float = TICK_S,
        **settings: Any,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._tapped = tapped
        self._durable = durable
        self._settings = settings
        self._clock = clock or SystemClock()
        self._tick_s = tick_s
        self.folder, self.link = folder, link
        self.runtime = runtime = runtime or best_runtime()
        state = folder / "reader"
        load_keys(state, SERIAL, runtime)
        self.reader = Emulator(runtime=runtime, heap=heap, link=link, state=state, serial_number=SERIAL)
        self.acquirer = AcquirerProcess(folder, *acquirer)
        self.inbox = Inbox(self._clock.now)
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Stack:
        try:
            enter = self._exit.enter_async_context
            await asyncio.gather(enter(self.reader), enter(self.acquirer))
            await self._start_host()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def _start_host(self) -> None:
        line = self.reader.byte_link()
        self.line = TappedLine(line) if self._tapped else line
        self.terminal = ReaderClient(self.line)
        self._exit.push_async_callback(self.terminal.close)
        database, url = self.folder / "zinc.db", self.acquirer.url + "/caaa"
        settings = Settings(database=database, acquirer_url=url, **self._settings)
        jobs, carriers = engine_of(settings) if self._durable else None, Carriers(self.inbox, self.inbox)
        clock, tick_s = self._clock, self._tick_s
        self.app = build(settings, self.terminal, jobs=jobs, carriers=carriers, clock=clock, tick_s=tick_s)
        self.inbox.on_reply = lambda number, text, told: self.app.messages.receive(Inbound(told, number, text))
        self._exit.push_async_callback(self.app.close)
        await self.app.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()
