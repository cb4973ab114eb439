"""Both links to an acquirer, each on a simulated one whose books are the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from host.acquirer.caaa_link import CaaaLink
from host.acquirer.iso8583_link import Iso8583Link
from tests.host.acquirer_thread import NOW, OpenKeys
from tests.host.sealed_days import PARTIES
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.iso8583.server import KEY, Iso8583Server

T = TypeVar("T")
Link = CaaaLink | Iso8583Link
Server = AcquirerServer | Iso8583Server
SERVERS: dict[str, type[Server]] = {"caaa": AcquirerServer, "iso8583": Iso8583Server}


@contextmanager
def acquirer(form: str, folder: Path, issuer: object) -> Iterator[Server]:
    simulator = AcquirerSimulator(lambda ksn: OpenKeys(), issuer, lambda: NOW, folder / "acquirer.db")  # pyright: ignore[reportArgumentType]
    server = SERVERS[form](("127.0.0.1", 0), simulator)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        simulator.close()


def on(server: Server, use: Callable[[Link], Awaitable[T]], deadline_s: float = 5) -> T:
    async def run() -> T:
        link = link_to(server, deadline_s)
        try:
            return await use(link)
        finally:
            await link.close()

    return asyncio.run(run())


def link_to(server: Server, deadline_s: float) -> Link:
    port = int(server.server_address[1])
    if isinstance(server, Iso8583Server):
        return Iso8583Link("127.0.0.1", port, PARTIES, KEY, deadline_s, deadline_s)
    return CaaaLink(f"http://127.0.0.1:{port}/caaa", PARTIES, deadline_s, deadline_s)
