"""`zinc collect`: asks the till that runs on a folder to collect now, by its database, and tells what came of it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from host.app import App, build
from host.settings import Settings
from host.telecollection.page_words import PHASES
from host.telecollection.service import is_owed
from host.telecollection.states import State
from host.telecollection.ticket import as_text
from host.terminal.client import ReaderClient
from tools.demo.browser import link_to

TAKEN_UP_S = 10.0  # a running till looks at its timers each second
DONE_S = 300.0
LOOK_S = 0.2
ENGLISH = 1


def collect(state: Path) -> int:
    """0 when it was collected."""
    settings = Settings(database=state / "zinc.db")
    if not settings.database_url and not settings.database.exists():
        print(f"no till has run on {state}", file=sys.stderr)
        return 2
    app = build(settings, ReaderClient(link_to(None)))
    try:
        return _collect(app)
    finally:
        app.database.close()


def _collect(app: App) -> int:
    service = app.telecollection
    [contract] = service.overview.contracts()
    remittance_id = service.ask(contract.id)
    asked, runs, said = time.monotonic(), service.remittance(remittance_id).runs, None
    while is_owed(remittance := service.remittance(remittance_id)) and remittance.state is not State.UNKNOWN:
        waited_s = time.monotonic() - asked
        if remittance.runs == runs and waited_s > TAKEN_UP_S:
            print("no till is running here: it is collected when one starts", file=sys.stderr)
            return 1
        if waited_s > DONE_S:
            print("it is not done yet: the till goes on with it", file=sys.stderr)
            return 1
        phase = PHASES[service.progress(remittance_id).phase][ENGLISH]
        if phase != said:
            print(said := phase, file=sys.stderr, flush=True)
        time.sleep(LOOK_S)
    ticket = service.overview.ticket(remittance_id, "en")
    print(as_text(ticket))
    return 0 if ticket.success else 1
