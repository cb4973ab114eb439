"""python -m tools.simulators.acquirer --port 0 --database FILE: prints `ready PORT`, serves until it is ended."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from tools.simulators.acquirer.authoriser import Authoriser
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.store import Store
from tools.simulators.issuer import Issuer
from tools.simulators.key_host import acquirer_keys


def main() -> None:
    parser = argparse.ArgumentParser(prog="acquirer", description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="0: any free one")
    parser.add_argument("--database", type=Path, required=True, help="SQLite file of authorisations")
    parser.add_argument("--attached", action="store_true", help="end when standard input ends: with whoever started it")
    options = parser.parse_args()
    store = Store(options.database)
    authoriser = Authoriser(store, acquirer_keys().transaction, Issuer(), lambda: datetime.now(UTC))
    server = AcquirerServer(("127.0.0.1", options.port), authoriser)
    print("ready", server.server_address[1], flush=True)
    if options.attached:
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        store.close()


if __name__ == "__main__":
    main()
