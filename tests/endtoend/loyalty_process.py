"""A till and its page after two weeks of a café; its reader approves: python -m tests.endtoend.loyalty_process FOLDER.

The card of all its payments is that of a member with the number NUMBER, who has enough for the reward "five".
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import event

from host.database import Database
from host.loyalty.model import Enrolment, Item, LegalClass, Visit
from host.money import Money
from host.pages import pages
from host.web import server
from tests.host.stand_ins import TOKEN, FixedClock, till
from tools.demo.weeks import CLASSES, ZONE, Cafe, PlayedClock, play

NUMBER = "06 12 34 56 78"
RICH = Money(7500)


def seed(folder: Path, today: datetime) -> None:
    """Two weeks, up to yesterday's evening, and one member more; without waiting for the disk."""
    database = Database(f"sqlite:///{folder / 'till.db'}")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    database.migrate()
    cafe = Cafe(database, PlayedClock(today), Random(1))
    play(cafe, today.astimezone(ZONE).date(), weeks=2)
    joined = cafe.loyalty.joining.enrol(Enrolment("", NUMBER, None, True, "fr", TOKEN)).member_id
    cafe.loyalty.joining.sign_in(NUMBER, cafe.code(cafe.events[joined]))
    with database.transaction() as work:
        basket = (Item(LegalClass.ORDINARY, "Boutique", 6, RICH, RICH),)
        cafe.loyalty.booking.visited(work, Visit("C1-rich", cafe.clock.now(), RICH, basket, TOKEN))
    database.close()


async def serve(folder: Path) -> None:
    app = till(folder)
    app.till.articles()
    for category, legal_class in CLASSES.items():
        app.till.classify(category, legal_class)

    async def no_trace(_: bytes) -> bytes:
        return b""

    listener = server.listen(0)
    print(server.url(listener), flush=True)
    await server.server(pages(app, no_trace)).serve(sockets=[listener])


if __name__ == "__main__":
    seed(Path(sys.argv[1]), FixedClock().now())
    asyncio.run(serve(Path(sys.argv[1])))
