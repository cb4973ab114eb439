"""python -m tools.simulators.messages --port 0: prints `ready PORT`, serves until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from datetime import UTC, datetime

from host.web import server
from tools.simulators.messages.inbox import Inbox
from tools.simulators.messages.server import application


async def serve(options: argparse.Namespace) -> None:
    listener = server.listen(options.port)
    serving = server.server(application(Inbox(lambda: datetime.now(UTC), repeats=options.repeats)))
    print("ready", listener.getsockname()[1], flush=True)
    if options.attached:
        threading.Thread(target=lambda: (sys.stdin.read(), setattr(serving, "should_exit", True)), daemon=True).start()
    await serving.serve(sockets=[listener])


def main() -> None:
    parser = argparse.ArgumentParser(prog="messages", description=__doc__)
    parser.add_argument("--port", type=int, default=8700, help="0: any free one")
    parser.add_argument("--repeats", action="store_true", help="know an event id again, and send once")
    parser.add_argument("--attached", action="store_true", help="end when standard input ends: with whoever started it")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
