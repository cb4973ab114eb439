"""A till, its page and an inbox for its e-mails: python -m tests.endtoend.sign_in_process FOLDER [PUBLIC_URL].

Its database is where `zinc account --state FOLDER` looks for it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from host.app import build
from host.clock import SystemClock
from host.messaging.carriers import Carriers
from host.pages import pages
from host.settings import Settings
from host.web import server
from tests.host.stand_ins import Acquirer, Reader, chip_sale
from tools.simulators.messages.inbox import Inbox
from tools.simulators.messages.page import pages_of


async def serve(folder: Path, public_url: str = "") -> None:
    clock, listener = SystemClock(), server.listen(0)
    inbox, url = Inbox(clock.now), server.url(listener)
    settings = Settings(database=folder / "zinc.db", public_url=public_url or url)
    app = build(settings, Reader(chip_sale), acquirer=Acquirer(), carriers=Carriers(inbox, inbox), tick_s=0.05)

    async def no_trace(_: bytes) -> bytes:
        return b""

    await app.start()
    page = pages(app, no_trace, routers=(pages_of(inbox),))
    print(url, flush=True)
    await server.server(page).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), *sys.argv[2:]))
