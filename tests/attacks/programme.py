"""A shop's loyalty programme without its reader: what strangers reach of it by a number, a code, or a profile."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from host.app import App, build
from host.clock import SystemClock
from host.loyalty.model import Enrolment
from host.messaging.carriers import Carriers
from host.payment.ports import Terminal
from host.settings import Settings
from tools.demo.programme import publish
from tools.simulators.messages.inbox import Inbox

NUMBER, E164 = "06 12 34 56 78", "+33612345678"


@asynccontextmanager
async def programme(folder: Path) -> AsyncIterator[tuple[App, Inbox]]:
    """The shop's host, and what telephones and letter boxes get of it."""
    inbox = Inbox(SystemClock().now)
    app = build(Settings(database=folder / "zinc.db"), cast(Terminal, None), carriers=Carriers(inbox, inbox))
    app.database.migrate()
    publish(app)
    try:
        yield app, inbox
    finally:
        await app.close()


def join(app: App, card: int) -> None:
    """With that card, and the number; nobody asks whose it is."""
    app.loyalty.joining.enrol(Enrolment("", NUMBER, "2026-11", True, "fr", card.to_bytes(32, "big")))


async def delivered(app: App, inbox: Inbox, to: str) -> list[str]:
    """What is due is sent; all that was ever sent there."""
    await app.messages.run_due(app.clock.now())
    return [each.letter.text for each in inbox.of(to)]


def code_of(text: str) -> str:
    return re.findall(r"\b\d{6}\b", text)[0]
