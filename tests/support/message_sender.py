"""A process that sends what is due and stops at a moment of it, to be killed there:
python -m tests.support.message_sender DATABASE GATEWAY_FILE committed|called|answered
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

from host.database import Database
from host.messaging.gateway_file import load
from host.messaging.http_gateway import HttpGateway
from host.messaging.model import Letter
from tests.host.messaging_bench import Bench


def stop_here(moment: str) -> None:
    print(moment, flush=True)
    threading.Event().wait()


class Stopping(HttpGateway):
    """`committed`: before the call; `called`: the gateway has it, and its answer is not read; `answered`: it is, and
    not stored yet."""

    moment = ""

    async def send(self, letter: Letter) -> str | None:
        if self.moment == "committed":
            stop_here(self.moment)
        if self.moment == "called":
            self._client.event_hooks["response"].append(self._stop)
        gateway_id = await super().send(letter)
        stop_here(self.moment)
        return gateway_id

    async def _stop(self, _: object) -> None:
        stop_here(self.moment)


def main(path: str, file: str, moment: str) -> None:
    gateway = Stopping(load(Path(file)))
    gateway.moment = moment
    bench = Bench(Database(f"sqlite:///{path}"), gateway=gateway)
    bench.member()
    asyncio.run(bench.run())


if __name__ == "__main__":
    main(*sys.argv[1:])
