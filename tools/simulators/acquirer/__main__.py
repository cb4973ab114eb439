"""python -m tools.simulators.acquirer --port 0 --database FILE: prints `ready PORT`, serves until it is ended."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.simulators import contract
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.simulator import AcquirerSimulator, Terms
from tools.simulators.issuer import Issuer
from tools.simulators.key_host import acquirer_keys


def main() -> None:
    options = _options()
    terms = Terms(capture_on_003=options.capture_on_003, settles_at_once=options.settle_at_once)
    simulator = AcquirerSimulator(
        acquirer_keys().transaction, Issuer(), lambda: datetime.now(UTC), options.database, terms
    )
    if options.parameters:
        simulator.offer(options.parameters, **_asked(options.telecollection))
    server = AcquirerServer(("127.0.0.1", options.port), simulator)
    print("ready", server.server_address[1], flush=True)
    if options.attached:
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        simulator.close()


def _asked(hour: str | None) -> dict[str, Any]:
    """Terms of the contract that ask for telecollection at another hour."""
    return {"telecollection": contract.CONTRACT["telecollection"] | {"time": hour}} if hour else {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acquirer", description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="0: any free one")
    parser.add_argument("--database", type=Path, required=True, help="SQLite file of its books")
    parser.add_argument("--attached", action="store_true", help="end when standard input ends: with whoever started it")
    parser.add_argument("--capture-on-003", action="store_true", help="capture by completion advice")
    parser.add_argument("--settle-at-once", action="store_true", help="and not on the next bank working day")
    parser.add_argument("--parameters", type=int, metavar="VERSION", help="offer readers parameters of that version")
    parser.add_argument("--telecollection", metavar="HH:MM", help="the hour that they ask for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
